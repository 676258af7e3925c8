// The map of a day: the region's own roads, the way of each bus, its halts. No tiles, no third party.
"use strict";

(() => {
  let drawn = null;
  let forget = () => {};
  let light = () => {};

  const draw = () => {
    const place = document.getElementById("karte");
    const message = document.getElementById("karte-meldung");
    if (place === drawn) return;
    forget();
    drawn = place;
    forget = () => {};
    light = () => {};
    if (!place || !window.L) return;

    const style = getComputedStyle(document.documentElement);
    const colour = (route) => style.getPropertyValue(`--route-${route % 6}`).trim();
    const dashes = [null, "14 9", "2 9"];
    const widths = { motorway: 3.5, trunk: 3.5, primary: 3, secondary: 2.5, tertiary: 2 };

    const map = L.map(place, { preferCanvas: true, zoomControl: false, zoomSnap: 0.25 });
    map.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: "Größer", zoomOutTitle: "Kleiner" }).addTo(map);
    forget = () => map.remove();
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
      box.append(text("strong", halt.place), text("p", halt.label));
      for (const words of halt.halts) box.append(text("p", words));
      return box;
    };

    const drawGround = (ground) =>
      L.geoJSON(ground, {
        interactive: false,
        style: (road) => ({ color: "#8d98a3", weight: widths[road.properties.class] ?? 1.2 }),
        pointToLayer: (village, position) =>
          L.circleMarker(position, { radius: 0, stroke: false, interactive: false }).bindTooltip(
            text("span", village.properties.village),
            { permanent: true, direction: "bottom", className: "ort", offset: [0, 2] },
          ),
      });

    const drawRoute = (way) =>
      way.geometry.type === "Point"
        ? {}
        : {
            color: colour(way.properties.route),
            dashArray: dashes[way.properties.route % 3],
            weight: 5,
            opacity: 0.9,
          };

    // Halts of whoever is lit on the page are filled; a click on a halt lights whom it is about.
    const halts = [];
    light = (wanted) => {
      for (const { dot, halt } of halts) {
        const one = (halt.requests ?? []).some((request) => wanted.includes(request));
        dot.setStyle({ fillColor: one ? "#ffd23e" : halt.number ? "#fff" : colour(halt.route) });
        dot.setRadius(one ? 11 : halt.number ? 7 : 9);
        if (one) dot.bringToFront();
      }
    };

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
      halts.push({ dot, halt: halt.properties });
      if (number) {
        dot.on("click", () =>
          document.dispatchEvent(new CustomEvent("fahrten:halt", { detail: halt.properties.requests.join(" ") })),
        );
      }
      if (number) {
        dot.bindTooltip(text("span", number), { permanent: true, direction: "top", className: `halt-nummer rand-${route % 6}`, offset: [0, -6] });
      }
      return dot;
    };

    // Of labels that would cover each other only the first is shown: numbers before villages.
    const declutter = () => {
      const kept = [];
      const labels = [...place.querySelectorAll(".halt-nummer"), ...place.querySelectorAll(".ort")];
      for (const label of labels) label.hidden = false;
      for (const label of labels) {
        const box = label.getBoundingClientRect();
        label.hidden = kept.some(
          (other) =>
            box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom,
        );
        if (!label.hidden) kept.push(box);
      }
    };

    Promise.all([load(place.dataset.roads), load(place.dataset.routes)])
      .then(([roads, routes]) => {
        if (place !== drawn) return;
        const ground = drawGround(roads);
        const tours = L.geoJSON(routes, { style: drawRoute, pointToLayer: drawHalt });
        const frame = tours.getLayers().length ? tours : ground;
        map.fitBounds(frame.getBounds().pad(0.08), { animate: false });
        ground.addTo(map);
        tours.addTo(map);
        map.on("zoomend resize", declutter);
        declutter();
        place.dataset.ready = "ja";
      })
      .catch(() => {
        message.textContent = "Die Karte ließ sich nicht laden. Die Touren stehen in den Tabellen.";
      });
  };

  document.addEventListener("fahrten:lit", (event) => light(event.detail));
  document.addEventListener("fahrten:neu", draw); // the page may have another map, or one at last
  draw();
})();
