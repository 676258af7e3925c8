"""
The way in: `fahrten`.

Every process that plans goes through this module as well, for that is how Python starts one beside
another; so it imports nothing but what it needs to go on.
"""

import gc


def main() -> None:
    """Run `fahrten`."""
    gc.disable()  # what is imported stays; to look through it for garbage is a quarter of the start
    from api.cli import main as run  # a process that plans does not need it

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
