// The map of a day: the region's own roads, the way of each bus, its halts. No tiles, no third party.
"use strict";

(() => {
  const place = document.getElementById("karte");
  const message = document.getElementById("karte-meldung");
  if (!place || !window.L) return;

  const style = getComputedStyle(document.documentElement);
  const colour = (route) => style.getPropertyValue(`--route-${route % 6}`).trim();
  const dashes = [null, "14 9", "2 9"];
  const widths = { motorway: 3.5, trunk: 3.5, primary: 3, secondary: 2.5, tertiary: 2 };

  const map = L.map(place, { preferCanvas: true, zoomControl: false, zoomSnap: 0.25 });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: "Größer", zoomOutTitle: "Kleiner" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);

  const load = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };

  const text = (tag, words) => {
    const element = document.createElement(tag);
    element.textContent = words;
    return element;
  };

  const about = (halt) => {
    const box = document.createElement("div");
    box.append(text("strong", halt.place), text("p", halt.label), text("p", halt.times));
    return box;
  };

  const drawRoads = (roads) =>
    L.geoJSON(roads, {
      interactive: false,
      style: (road) => ({ color: "#8d98a3", weight: widths[road.properties.class] ?? 1.2 }),
    });

  const drawRoute = (way) => ({
    color: colour(way.properties.route),
    dashArray: dashes[way.properties.route % 3],
    weight: 5,
    opacity: 0.9,
  });

  const drawHalt = (halt, position) => {
    const { route, number } = halt.properties;
    const dot = L.circleMarker(position, {
      radius: number ? 7 : 9,
      color: colour(route),
      weight: 3,
      fillColor: number ? "#fff" : colour(route),
      fillOpacity: 1,
    });
    dot.bindPopup(() => about(halt.properties));
    if (number) {
      dot.bindTooltip(number, { permanent: true, direction: "top", className: "halt-nummer", offset: [0, -6] });
    }
    return dot;
  };

  Promise.all([load(place.dataset.roads), load(place.dataset.routes)])
    .then(([roads, routes]) => {
      const ground = drawRoads(roads).addTo(map);
      const tours = L.geoJSON(routes, { style: drawRoute, pointToLayer: drawHalt }).addTo(map);
      const frame = tours.getLayers().length ? tours : ground;
      map.fitBounds(frame.getBounds().pad(0.08), { animate: false });
      place.dataset.ready = "ja";
    })
    .catch(() => {
      message.textContent = "Die Karte ließ sich nicht laden. Die Touren stehen in den Tabellen.";
    });
})();
