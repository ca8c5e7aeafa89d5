"use strict";
// The places as circles on a plain outline of the land; near ones are one circle until the reader comes closer.
(() => {
  const message = document.getElementById("message");
  if (location.protocol === "file:") {
    message.textContent = "Tiles are read from a web server: run python3 -m http.server in this folder and open the address that it names.";
    return;
  }
  const tiles = new URL("tiles/", location.href).href + "{z}/{x}/{y}.pbf";
  const works = ["coalesce", ["get", "n_works"], 0], verified = [">", ["coalesce", ["get", "n_verified"], 0], 0];
  const map = new maplibregl.Map({
    container: "map",
    center: [10, 25],
    zoom: 1,
    maxZoom: 12,
    attributionControl: false,
    style: {
      version: 8,
      sources: {
        land: { type: "geojson", data: new URL("land.json", location.href).href },
        places: { type: "vector", tiles: [tiles], minzoom: 0, maxzoom: 9 },
      },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": "#dfe7ee" } },
        { id: "land", type: "fill", source: "land", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#f6f4ef" } },
        { id: "borders", type: "line", source: "land", paint: { "line-color": "#b9b4a8", "line-width": 0.5 } },
        {
          id: "places",
          type: "circle",
          source: "places",
          "source-layer": "places",
          paint: {
            "circle-radius": ["min", 40, ["+", 3, ["*", 1.2, ["ln", ["+", 1, works]]]]],
            "circle-color": ["case", verified, "#0b5cad", "#ffffff"],
            "circle-opacity": ["case", verified, 0.75, 0.4],
            "circle-stroke-color": "#0b5cad",
            "circle-stroke-width": 1.5,
          },
        },
      ],
    },
  });
  window.whereusedMap = map;
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
  map.on("error", (event) => { message.textContent = "The map can't be drawn: " + (event.error && event.error.message); });
  map.once("idle", () => { document.documentElement.dataset.ready = ""; });
  map.on("click", "places", (event) => {
    const told = event.features[0].properties, box = document.createElement("div");
    const lines = told.clustered
      ? [`${told.point_count} places`, `${told.n_works} works, counted at each place; ${told.n_verified || 0} verified`, "Zoom in to part them."]
      : [told.institution || told.city, [told.city, told.country_code, told.sector].filter(Boolean).join(" · "),
         `${told.n_works} works, ${told.n_verified || 0} verified` + (told.first_year ? `, ${told.first_year} to ${told.last_year}` : "")];
    for (const line of lines) box.appendChild(document.createElement("p")).textContent = line;
    new maplibregl.Popup().setLngLat(event.lngLat).setDOMContent(box).addTo(map);
  });
})();
