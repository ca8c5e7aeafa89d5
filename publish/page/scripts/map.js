/* The map: pins in clusters over land, lines from the dataset's home, pop-ups with works and passages. */
(function (w) {
  "use strict";

  var LONGEST = 60; // works in one pop-up
  var UNFOLDED = 8; // places of a cluster that unfold at once
  var REST = 80; // ms
  var waiting = 0, map, clusters, lines, linesBox = document.getElementById("lines"), markers = [];

  // ---------------------------------------------------------------- pop-ups

  function counts(place) {
    var used = place.shown.filter(function (link) { return link.isUsed; }).length, rest = place.shown.length - used, told = [];
    var hidden = place.links.length - place.shown.length;
    if (used) { told.push(used + (used === 1 ? " verified use" : " verified uses")); }
    if (rest) { told.push(rest + (rest === 1 ? " other work" : " other works") + ", use here not verified"); }
    if (hidden) { told.push(hidden + " more behind the filters"); }
    return told.join(", ");
  }

  function details(place) {
    var box = w.element("div", "details"), head = w.element("h3"), list = w.element("ul");
    head.append(w.link(place.name, place.ror));
    box.append(head, w.element("p", "", [place.sector, [place.city, place.city === place.country ? "" : place.country].filter(Boolean).join(", ")].join(" · ")), w.element("p", "", counts(place)));
    if (place.isCity) { box.append(w.element("p", "note", "Only the city is known; the pin stands in its middle.")); }
    place.shown.slice().sort(function (a, b) { return b.isUsed - a.isUsed; }).slice(0, LONGEST).forEach(function (link) { list.append(w.entry(link)); });
    box.append(list);
    if (place.shown.length > LONGEST) { box.append(inTable(place)); }
    box.append(w.element("p", "note", "Affiliation matched by " + place.method + ", score " + place.score.toFixed(2) + "."), permalink(place));
    return box;
  }

  function permalink(place) {
    var box = w.element("p", "note"), made = w.element("a", "permalink", "Link to this place");
    made.href = "#" + new URLSearchParams({ place: place.key });
    box.append(made);
    return box;
  }

  function inTable(place) {
    var button = w.element("button", "", "All " + place.shown.length + " in the table");
    button.type = "button";
    button.addEventListener("click", function () { w.find(place.name); document.getElementById("citations").scrollIntoView(); });
    return button;
  }

  /* Who opens a pin goes into its pop-up, Escape closes it, and the focus goes back to the pin. */
  function followFocus() {
    var opener = null;
    map.on("popupopen", function (event) {
      var content = event.popup.getElement().querySelector(".leaflet-popup-content");
      opener = document.activeElement && document.activeElement.closest("#map .pin");
      content.tabIndex = -1;
      if (opener) { content.focus({ preventScroll: true }); }
    });
    map.on("popupclose", function (event) {
      if (opener && event.popup.getElement().contains(document.activeElement)) { opener.focus({ preventScroll: true }); }
      opener = null;
    });
    map.getContainer().addEventListener("keydown", function (event) { if (event.key === "Escape") { map.closePopup(); } });
  }

  // ---------------------------------------------------------------- pins

  function word(place) {
    if (place.isUsed) { return "used"; }
    return ["cites", "names it"].find(function (words) {
      return place.shown.some(function (link) { return link.work.verdict.startsWith(words); });
    }) || "listed";
  }

  function marker(place) {
    var made = L.marker(place.at, { alt: place.name, place: place, riseOnHover: true });
    made.bindPopup(function () { return details(place); }, {
      maxWidth: Math.min(340, map.getSize().x - 90), minWidth: 200, maxHeight: Math.min(360, map.getSize().y - 70),
      autoPanPaddingTopLeft: [46, 12], autoPanPaddingBottomRight: [12, 12]
    });
    return made;
  }

  function dress(made) {
    var place = made.options.place;
    made.options.title = place.name + " (" + word(place) + ")";
    made.setIcon(L.divIcon({
      className: "pin " + (place.isUsed ? "verified" : "candidate") + (place.isCity ? " city" : ""), iconSize: [24, 24], popupAnchor: [0, -9],
      html: w.sign(place.sector, !place.isUsed, place.isCity)
    }));
    return made;
  }

  function cluster(group) {
    var pie = w.pie(group.getAllChildMarkers().map(function (made) { return made.options.place; }));
    group.options.title = pie.words;
    return L.divIcon({ className: "cluster", iconSize: [pie.size, pie.size], html: pie.html });
  }

  /* A few places unfold where they are; many, or places far apart, are zoomed to. */
  function open(group) {
    var bounds = group.getBounds(), isOne = bounds.getNorthEast().equals(bounds.getSouthWest());
    if (group.getChildCount() <= UNFOLDED || isOne || map.getZoom() === map.getMaxZoom()) { group.spiderfy(); } else { group.zoomToBounds({ padding: [40, 40] }); }
  }

  function nameClusters() {
    document.querySelectorAll("#map .cluster").forEach(function (node) {
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", node.title || node.textContent + " places close together; opens them");
    });
  }

  // ---------------------------------------------------------------- lines from the dataset's home

  /* The shorter way round: over the 180th meridian a line leaves at one edge of the map and comes in at the other. */
  function arcs(from, to, hollow, sector) {
    var turn = to[1] - from[1] > 180 ? -360 : to[1] - from[1] < -180 ? 360 : 0;
    arc(from, [to[0], to[1] + turn], hollow, sector);
    if (turn) { arc([from[0], from[1] - turn], to, hollow, sector); }
  }

  function arc(from, to, hollow, sector) {
    var a = map.latLngToLayerPoint(from), b = map.latLngToLayerPoint(to), length = a.distanceTo(b);
    if (length < 12) { return; }
    var middle = a.add(b).divideBy(2).subtract([0, Math.min(length * 0.22, 90)]), points = [];
    for (var i = 0; i <= 24; i++) {
      var t = i / 24, s = 1 - t;
      points.push(map.layerPointToLatLng(a.multiplyBy(s * s).add(middle.multiplyBy(2 * s * t)).add(b.multiplyBy(t * t))));
    }
    points = points.filter(function (point) { return Math.abs(point.lng) <= 180; });
    L.polyline(points, { pane: "lines", renderer: lines.options.renderer, interactive: false, smoothFactor: 0, weight: 1.3, opacity: hollow ? 0.4 : 0.75, dashArray: hollow ? "3 4" : null, className: "arc s-" + sector }).addTo(lines);
  }

  /* One line to each pin or cluster that is seen; solid where a use is verified. */
  function drawLines() {
    lines.clearLayers();
    if (!w.data.home || !linesBox.checked) { return; }
    var ends = new Map();
    markers.forEach(function (made) {
      var seen = made.options.place.shown.length ? clusters.getVisibleParent(made) : null;
      if (!seen) { return; }
      var middle = seen.getLatLng(), end = ends.get(seen) || { at: [middle.lat, middle.lng], isUsed: false, sector: made.options.place.sector };
      end.isUsed = end.isUsed || made.options.place.isUsed;
      end.sector = end.sector === made.options.place.sector ? end.sector : "other";
      ends.set(seen, end);
    });
    ends.forEach(function (end) { arcs(w.data.home.slice(1), end.at, !end.isUsed, end.sector); });
  }

  function addHome() {
    if (!w.data.home) {
      linesBox.closest("label").hidden = true;
      return;
    }
    L.marker(w.data.home.slice(1), {
      interactive: false, keyboard: false, pane: "lines",
      icon: L.divIcon({ className: "home", iconSize: [22, 22], html: '<svg viewBox="0 0 22 22" width="22" height="22" aria-hidden="true"><circle cx="11" cy="11" r="9" class="home-ring"/><circle cx="11" cy="11" r="3" class="home-dot"/></svg>' })
    }).addTo(map);
  }

  // ---------------------------------------------------------------- the map itself

  function addLand() {
    map.createPane("land").style.zIndex = 150;
    map.createPane("lines").style.zIndex = 350;
    L.geoJSON(JSON.parse(document.getElementById("land").textContent), {
      pane: "land", renderer: L.svg({ pane: "land", padding: 1 }), interactive: false,
      style: function (feature) { return { className: feature.properties.name, weight: 0.8, fill: feature.properties.name === "land", fillOpacity: 1 }; }
    }).addTo(map);
    L.control.attribution({ prefix: false }).addAttribution("Leaflet · land: Natural Earth").addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
  }

  /* The pin of a place, out of its cluster, with its pop-up open. */
  w.showPlace = function (key) {
    var made = markers.find(function (other) { return other.options.place.key === key; });
    if (!made) { return; }
    if (!made.options.place.shown.length) { w.clearFilters(); }
    window.clearTimeout(waiting);
    update();
    map.getContainer().scrollIntoView({ block: "center" });
    clusters.zoomToShowLayer(made, function () { made.openPopup(); });
  };

  function showAll() {
    map.invalidateSize({ animate: false });
    var bounds = L.latLngBounds(w.places.map(function (place) { return place.at; }));
    if (w.data.home && bounds.isValid()) { bounds.extend(w.data.home.slice(1)); }
    map.fitBounds(bounds.isValid() ? bounds.pad(0.06) : [[-50, -170], [70, 178]], { maxZoom: 5, animate: false });
  }

  function update() {
    map.closePopup();
    clusters.clearLayers();
    clusters.addLayers(markers.filter(function (made) { return made.options.place.shown.length; }).map(dress));
    document.getElementById("shown-places").textContent = clusters.getLayers().length.toLocaleString("en") + " of " + markers.length.toLocaleString("en") + (markers.length === 1 ? " place" : " places");
    nameClusters();
    drawLines();
  }

  w.startMap = function () {
    map = L.map("map", { attributionControl: false, minZoom: 0, maxZoom: 9, zoomSnap: 0.25, scrollWheelZoom: false });
    addLand();
    map.on("click focus", function () { map.scrollWheelZoom.enable(); });
    map.on("mouseout", function () { map.scrollWheelZoom.disable(); });
    clusters = L.markerClusterGroup({
      iconCreateFunction: cluster, maxClusterRadius: map.getSize().x < 500 ? 52 : 46, // circles shall not lie on each other
      showCoverageOnHover: false, spiderfyDistanceMultiplier: 1.6,
      zoomToBoundsOnClick: false, spiderfyOnMaxZoom: false,
      spiderLegPolylineOptions: { weight: 1.2, color: "#777", opacity: 0.8 }
    });
    lines = L.layerGroup([], { renderer: L.svg({ pane: "lines", padding: 0.5 }) }).addTo(map);
    markers = w.places.map(marker);
    showAll();
    map.addLayer(clusters);
    addHome();
    followFocus();
    clusters.on("clusterclick", function (event) { open(event.layer); });
    clusters.on("clusterkeypress", function (event) { if (event.originalEvent.key === "Enter") { open(event.layer); } });
    clusters.on("animationend spiderfied", nameClusters);
    clusters.on("animationend", drawLines);
    map.on("moveend layeradd", nameClusters);
    map.on("zoomend moveend", drawLines);
    linesBox.addEventListener("change", drawLines);
    window.matchMedia("print").addEventListener("change", showAll); // paper is not as wide as the screen
    update();
    w.listeners.push(function () { // the table answers at once, the map when the typing or sliding rests
      window.clearTimeout(waiting);
      waiting = window.setTimeout(update, REST);
    });
  };
})(whereused);
