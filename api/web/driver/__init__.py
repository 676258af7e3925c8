"""The page on the driver's telephone: the next stop, large, with or without reception."""

from api.web.driver.page import router

__all__ = ["router"]
