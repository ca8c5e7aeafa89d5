/* The tables: citations (sorted, filtered, fifty rows at a time), who by name, all places, and the CSV of what is shown. */
(function (w) {
  "use strict";

  var STEP = 50, PRINTED = 300, table = document.getElementById("works"), body = table.tBodies[0];
  var more = document.getElementById("more"), all = document.getElementById("all"), shownText = document.getElementById("shown");
  var onPaper = document.getElementById("on-paper"), orders = {}, sorting = { column: -1, isDown: false }, rows = [], n = STEP;
  var KEYS = [
    function (work) { return work.title; }, function (work) { return work.year; },
    function (work) { return work.where; }, function (work) { return work.verdict; }
  ];

  /* All works in the order of a column; sorted once. */
  function ordered(column) {
    if (column < 0) { return w.works; }
    if (!orders[column]) {
      var key = KEYS[column], collator = new Intl.Collator("en", { numeric: true });
      var isNumber = column === 1;
      orders[column] = w.works.slice().sort(function (a, b) {
        return isNumber ? key(a) - key(b) : collator.compare(key(a), key(b));
      });
    }
    return orders[column];
  }

  function cell(className, parts) {
    var made = w.element("td", className);
    made.append.apply(made, parts);
    return made;
  }

  function row(work) {
    var made = w.element("tr", work.isUsed ? "is-used" : ""), title = [w.link(work.title, work.link), " ", permalink(work)], verdict = [work.verdict];
    made.id = "w" + (work.number + 1);
    if (work.venue) { title.push(" ", w.element("span", "venue", work.venue)); }
    if (work.kind !== "paper") { title.push(" ", w.element("span", "kind", work.kind)); }
    if (work.reviewedBy) { verdict.push(" ", w.element("span", "kind", work.reviewedBy)); }
    if (work.isGone) { verdict.push(" ", w.element("span", "kind", "citation withdrawn")); }
    made.append(cell("title", title), cell("year", [work.year || ""]), cell("where", places(work)), cell("verdict", verdict), cell("evidence", w.evidence(work)));
    return made;
  }

  /* A lasting address of the row. */
  function permalink(work) {
    var made = w.element("a", "permalink", "link");
    made.href = "#" + new URLSearchParams({ work: work.id });
    made.ariaLabel = "Link to " + work.title;
    return made;
  }

  /* One institution a line, each in its own direction of writing. */
  function places(work) {
    function line(name, told) {
      var made = w.element("div");
      made.append(w.element("bdi", "", name), told);
      return made;
    }
    return work.places.map(function (link) { return line(link.place.name, work.isUsed && !link.isUsed ? " (place not confirmed)" : ""); })
      .concat(work.given.map(function (name) { return line(name, " (as given)"); }), w.waiting(work).map(function (words) { return w.element("div", "venue", words); }));
  }

  function none() {
    var made = w.element("tr", "none"), told = w.element("td", "", w.works.length ? "No work fits what was chosen." : "No work was found so far.");
    told.colSpan = 5;
    made.append(told);
    return made;
  }

  function draw() {
    body.replaceChildren.apply(body, rows.length ? rows.slice(0, n).map(row) : [none()]);
    var left = rows.length - n;
    more.parentElement.hidden = left <= 0;
    more.textContent = "Show " + Math.min(STEP, left) + " more";
    onPaper.textContent = left.toLocaleString("en") + (left === 1 ? " more work stands" : " more works stand") + " in citations.csv beside this page.";
    all.textContent = "Show all " + rows.length.toLocaleString("en");
  }

  function update() {
    rows = ordered(sorting.column).filter(function (work) { return work.isShown; });
    if (sorting.isDown) { rows.reverse(); }
    n = STEP;
    shownText.textContent = rows.length.toLocaleString("en") + " of " + w.works.length.toLocaleString("en") + (w.works.length === 1 ? " work" : " works");
    draw();
  }

  table.tHead.addEventListener("click", function (event) {
    var head = event.target.closest("th");
    if (!head || !head.querySelector("button")) { return; }
    sorting = { column: head.cellIndex, isDown: head.getAttribute("aria-sort") === "ascending" };
    Array.from(table.tHead.rows[0].cells).forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", sorting.isDown ? "descending" : "ascending");
    update();
  });
  function show(count) {
    var first = n;
    n = count;
    draw();
    var row = body.rows[first]; // the button may be gone: the focus goes on where the new rows begin
    if (row) { row.tabIndex = -1; row.focus({ preventScroll: true }); }
  }
  more.addEventListener("click", function () { show(n + STEP); });
  all.addEventListener("click", function () { show(rows.length); });
  /* The row of a work, wherever it stands, with the focus on it; filters that hide it are put aside. */
  w.showWork = function (id) {
    var work = w.works.find(function (other) { return other.id === id; });
    if (!work) { return; }
    if (!work.isShown) { w.clearFilters(); }
    n = Math.max(n, rows.indexOf(work) + 1);
    draw();
    var row = body.rows[rows.indexOf(work)];
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "center" });
  };

  window.addEventListener("beforeprint", function () { if (n < rows.length && rows.length <= PRINTED) { n = rows.length; draw(); } });

  // ---------------------------------------------------------------- CSV of what is shown

  /* No spreadsheet may take a cell for a formula. */
  function guarded(value) {
    var text = String(value);
    if (typeof value !== "number" && /^[=+\-@\t\r|%＝＋－＠]/.test(text)) { text = "'" + text; }
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function csv() {
    var lines = [["title", "year", "venue", "kind", "url", "use", "institutions", "countries", "quote", "page", "evidence_provider", "section", "translation"]];
    rows.forEach(function (work) {
      var codes = Array.from(new Set(work.places.map(function (link) { return link.place.code; }))).filter(Boolean).sort();
      lines.push([
        work.title, work.year || "", work.venue, work.kind, work.link, work.verdict, work.where, codes.join("; "), work.quote, work.page || "", work.giver, work.section, work.translation
      ]);
    });
    return lines.map(function (line) { return line.map(guarded).join(",") + "\r\n"; }).join("");
  }

  document.getElementById("save").addEventListener("click", function () {
    var link = document.createElement("a"), address = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
    link.href = address;
    link.download = w.data.slug + "-shown.csv";
    document.body.append(link);
    link.click();
    link.remove();
    window.setTimeout(function () { URL.revokeObjectURL(address); }, 1000);
  });

  // ---------------------------------------------------------------- who by name, all places

  function fillNamed(details) {
    if (details.querySelector("ul")) { return; }
    var place = w.places[Number(details.dataset.place)], list = w.element("ul");
    place.links.slice().sort(function (a, b) { return b.isUsed - a.isUsed; }).forEach(function (link) { list.append(w.entry(link)); });
    details.append(list);
  }

  function fillPlaces(details) {
    var body = details.querySelector("tbody");
    if (body.rows.length) { return; }
    w.places.forEach(function (place) {
      var made = w.element("tr"), head = w.element("th");
      var used = place.links.filter(function (link) { return link.isUsed; }).length;
      head.scope = "row";
      head.append(w.link(place.name, place.ror));
      made.append(head, w.element("td", "", place.sector), w.element("td", "", place.city), w.element("td", "", place.country),
        w.element("td", "number", used), w.element("td", "number", place.links.length - used));
      body.append(made);
    });
  }

  w.startTables = function () {
    document.querySelectorAll("details[data-place]").forEach(function (details) {
      details.addEventListener("toggle", function () { fillNamed(details); });
      if (details.open) { fillNamed(details); }
    });
    document.querySelectorAll("button[data-show-rest]").forEach(function (button) {
      button.addEventListener("click", function () {
        var rest = button.closest("p").previousElementSibling.querySelector("tbody[data-rest]"), first = rest.rows[0];
        rest.hidden = false;
        button.parentElement.remove();
        first.tabIndex = -1;
        first.focus({ preventScroll: true });
      });
    });
    var places = document.getElementById("places-list");
    places.addEventListener("toggle", function () { fillPlaces(places); });
    w.listeners.push(update);
    var column = 0, idle = window.requestIdleCallback || function (step) { window.setTimeout(step, 200); };
    idle(function sort() { // while nobody asks for anything, so that the first click on a head answers at once
      if (column < KEYS.length) { ordered(column++); idle(sort); }
    });
  };
})(whereused);
