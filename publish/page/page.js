/* What a reader can do on a page: yearly totals of a column, the map, search and order of the table.
   Texts from outside are only ever moved as nodes or set as textContent, never parsed as HTML. */
(function () {
  "use strict";

  // ---------------------------------------------------------------- chart

  document.querySelectorAll(".chart").forEach(function (figure) {
    var readout = figure.querySelector(".readout");
    function tell(event) {
      var column = event.target.closest(".column");
      readout.textContent = column ? column.getAttribute("aria-label") : readout.dataset.hint;
      figure.querySelectorAll(".column").forEach(function (other) { other.classList.toggle("is-on", other === column); });
    }
    ["mouseover", "focusin", "click"].forEach(function (name) { figure.addEventListener(name, tell); });
    figure.addEventListener("mouseleave", tell);
  });

  // ---------------------------------------------------------------- table

  var table = document.getElementById("works"), rows = Array.from(table.tBodies[0].rows);
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
  var shown = document.getElementById("shown");

  document.getElementById("find").addEventListener("input", function () {
    var words = this.value.toLowerCase().split(/\s+/).filter(Boolean), n = 0;
    rows.forEach(function (row, i) {
      var fits = words.every(function (word) { return texts[i].includes(word); });
      row.hidden = !fits;
      n += fits;
    });
    shown.textContent = n + " of " + rows.length;
  });
  document.querySelector(".find").addEventListener("submit", function (event) { event.preventDefault(); });

  table.tHead.addEventListener("click", function (event) {
    var head = event.target.closest("th");
    if (!head || !head.querySelector("button")) { return; }
    var down = head.getAttribute("aria-sort") === "ascending", column = head.cellIndex;
    Array.from(table.tHead.rows[0].cells).forEach(function (cell) { cell.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    var keyed = rows.map(function (row) { return [row.cells[column].textContent, row]; });
    keyed.sort(function (a, b) { return (down ? -1 : 1) * a[0].localeCompare(b[0], "en", { numeric: true }); });
    table.tBodies[0].append.apply(table.tBodies[0], keyed.map(function (pair) { return pair[1]; }));
  });

  // ---------------------------------------------------------------- signs

  // Sector by colour and by shape: either alone is enough to tell them apart.
  var SIGNS = {
    academic: ["#0b5cad", '<circle cx="12" cy="12" r="6.5"/>'],
    commercial: ["#b8400a", '<rect x="6" y="6" width="12" height="12"/>'],
    government: ["#08705a", '<path d="M12 4.5 19.5 18h-15z"/>'],
    military: ["#1f1f1f", '<path d="M12 3.5 20.5 12 12 20.5 3.5 12z"/>'],
    nonprofit: ["#6b3fa0", '<path d="M12 4.5 19.5 10l-2.9 8.7H7.4L4.5 10z"/>'],
    healthcare: ["#b01657", '<path d="M9.2 4.5h5.6v4.7h4.7v5.6h-4.7v4.7H9.2v-4.7H4.5V9.2h4.7z"/>'],
    other: ["#5d5d5d", '<path d="M12 19.5 4.5 6h15z"/>']
  };

  function sign(sector, isCandidate, isCity) {
    var kind = SIGNS[sector] || SIGNS.other;
    var ring = isCity ? '<circle cx="12" cy="12" r="10.8" fill="none" stroke="' + kind[0] + '" stroke-width="1.4" stroke-dasharray="2.6 2.2"/>' : "";
    var paint = isCandidate ? 'fill="#fff" stroke="' + kind[0] + '" stroke-width="2.4"' : 'fill="' + kind[0] + '" stroke="#fff" stroke-width="1.2"';
    return '<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">' + ring + "<g " + paint + ' stroke-linejoin="round">' + kind[1] + "</g></svg>";
  }

  document.querySelectorAll(".legend li").forEach(function (item) {
    item.querySelector(".sign").innerHTML = sign(item.dataset.sector, item.dataset.status === "candidate", item.dataset.granularity === "city");
  });

  // ---------------------------------------------------------------- pop-ups

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) { made.className = className; }
    if (text !== undefined) { made.textContent = text; }
    return made;
  }

  function entry(link) {
    var row = document.getElementById("w" + link[0]), item = element("li");
    var isUsed = row.classList.contains("is-used");
    var words = link[1] ? row.querySelector(".verdict").textContent : isUsed ? "place not confirmed" : row.querySelector(".verdict").textContent;
    item.append(element("b", link[1] ? "used" : "", words), " ");
    var year = row.querySelector(".year").textContent;
    var parts = Array.from(row.querySelector(".title").childNodes, function (node) { return node.cloneNode(true); });
    if (year) { parts.splice(1, 0, " (" + year + ")"); }
    item.append.apply(item, parts);
    item.append(" ");
    item.append.apply(item, Array.from(row.querySelector(".evidence").childNodes, function (node) { return node.cloneNode(true); }));
    return item;
  }

  function details(pin) {
    var box = element("div", "details"), head = element("h3", "");
    if (pin.ror) {
      var link = element("a", "", pin.name);
      link.href = pin.ror;
      link.rel = "noopener noreferrer";
      head.append(link);
    } else {
      head.textContent = pin.name;
    }
    var used = pin.works.filter(function (work) { return work[1]; }).length, rest = pin.works.length - used;
    var counts = [];
    if (used) { counts.push(used + (used === 1 ? " verified use" : " verified uses")); }
    if (rest) { counts.push(rest + (rest === 1 ? " other work" : " other works") + ", use here not verified"); }
    box.append(head, element("p", "", pin.sector + " · " + pin.where), element("p", "", counts.join(", ")));
    if (pin.granularity === "city") { box.append(element("p", "note", "Only the city is known; the pin stands in its middle.")); }
    var list = element("ul");
    pin.works.forEach(function (work) { list.append(entry(work)); });
    box.append(list, element("p", "note", "Affiliation matched by " + pin.method + ", score " + pin.score.toFixed(2) + "."));
    return box;
  }

  // ---------------------------------------------------------------- map

  var pins = JSON.parse(document.getElementById("pins").textContent);
  var land = JSON.parse(document.getElementById("land").textContent);
  var map = L.map("map", {
    attributionControl: false, minZoom: 0, maxZoom: 9, zoomSnap: 0.5, scrollWheelZoom: false
  });
  map.createPane("land").style.zIndex = 150;
  var renderer = L.svg({ pane: "land", padding: 1 });
  L.geoJSON(land, {
    pane: "land", renderer: renderer, interactive: false,
    style: function (feature) {
      return feature.properties.name === "land" ? { stroke: false, fillColor: "#dcd8cf", fillOpacity: 1 } : { color: "#f7f6f3", weight: 0.8, fill: false };
    }
  }).addTo(map);
  L.control.attribution({ prefix: false }).addAttribution("Leaflet · land: Natural Earth").addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.on("click focus", function () { map.scrollWheelZoom.enable(); });
  map.on("mouseout", function () { map.scrollWheelZoom.disable(); });

  function cluster(group) {
    var markers = group.getAllChildMarkers(), n = markers.length, size = n < 10 ? 34 : n < 100 ? 40 : 48;
    var bySector = {}, at = 0, arcs = "";
    markers.forEach(function (marker) { bySector[marker.options.sector] = (bySector[marker.options.sector] || 0) + 1; });
    Object.keys(SIGNS).forEach(function (sector) {
      var share = (bySector[sector] || 0) / n * 100;
      if (share) {
        arcs += '<circle cx="20" cy="20" r="16.2" fill="none" pathLength="100" stroke="' + SIGNS[sector][0] + '" stroke-width="5" stroke-dasharray="' +
          share.toFixed(2) + " " + (100 - share).toFixed(2) + '" stroke-dashoffset="' + (-at).toFixed(2) + '"/>';
        at += share;
      }
    });
    return L.divIcon({
      className: "cluster", iconSize: [size, size],
      html: '<svg viewBox="0 0 40 40" width="' + size + '" height="' + size + '" aria-hidden="true"><circle cx="20" cy="20" r="18" fill="#fff"/>' + arcs +
        '<text x="20" y="24.5" text-anchor="middle">' + n + "</text></svg>"
    });
  }

  var clusters = L.markerClusterGroup({
    iconCreateFunction: cluster, maxClusterRadius: 38, showCoverageOnHover: false, spiderfyDistanceMultiplier: 1.6,
    spiderLegPolylineOptions: { weight: 1.2, color: "#333", opacity: 0.6 }
  });
  pins.forEach(function (pin) {
    var isCandidate = pin.status === "candidate", isCity = pin.granularity === "city";
    var marker = L.marker(pin.at, {
      title: pin.name + " (" + pin.word + ")", alt: pin.name, sector: pin.sector, riseOnHover: true,
      icon: L.divIcon({
        className: "pin " + pin.status + " " + pin.granularity, iconSize: [24, 24], popupAnchor: [0, -9],
        html: sign(pin.sector, isCandidate, isCity)
      })
    });
    marker.bindPopup(function () { return details(pin); }, {
      maxWidth: Math.min(340, map.getSize().x - 90), minWidth: 200, maxHeight: Math.min(320, map.getSize().y - 70),
      autoPanPaddingTopLeft: [46, 12], autoPanPaddingBottomRight: [12, 12]
    });
    clusters.addLayer(marker);
  });
  clusters.on("animationend spiderfied", nameClusters);
  map.on("moveend layeradd", nameClusters);
  function nameClusters() {
    document.querySelectorAll("#map .cluster").forEach(function (node) {
      node.setAttribute("aria-label", node.textContent + " places close together; opens them");
    });
  }
  function showAll() {
    map.invalidateSize({ animate: false });
    map.fitBounds(pins.length ? clusters.getBounds().pad(0.08) : [[-50, -170], [70, 178]], { maxZoom: 5, animate: false });
  }
  showAll();
  map.addLayer(clusters);
  nameClusters();
  window.matchMedia("print").addEventListener("change", showAll); // paper is not as wide as the screen
  document.documentElement.dataset.ready = String(pins.length);
})();
