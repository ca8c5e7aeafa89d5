/* The filters of the map and the table: one set for both. */
(function (w) {
  "use strict";

  var form = document.getElementById("filters"), until = document.getElementById("until"), untilText = document.getElementById("until-text");
  var finds = Array.from(document.querySelectorAll("input[data-find]"));

  function options(select, pairs) {
    pairs.forEach(function (pair) {
      var made = w.element("option", "", pair[1] + " (" + pair[2].toLocaleString("en") + ")");
      made.value = pair[0];
      select.append(made);
    });
    select.parentElement.hidden = pairs.length < 2;
  }

  /* [value, words, how often] in a fixed order; only what occurs. */
  function counted(entries, valuesOf, wordsOf, order) {
    var counts = new Map();
    entries.forEach(function (entry) {
      new Set(valuesOf(entry)).forEach(function (value) { counts.set(value, (counts.get(value) || 0) + 1); });
    });
    var values = Array.from(counts.keys());
    values.sort(order || function (a, b) { return wordsOf(a) < wordsOf(b) ? -1 : 1; });
    return values.map(function (value) { return [value, wordsOf(value), counts.get(value)]; });
  }

  function same(value) { return value; }

  function fill() {
    function rank(list) { return function (a, b) { return list.indexOf(a) - list.indexOf(b); }; }
    var decisions = w.data.decisions, codes = Object.keys(decisions);
    options(form.sector, counted(w.places, function (place) { return [place.sector]; }, same, rank(w.data.sectors)));
    options(form.country, counted(w.places, function (place) { return [place.code]; }, function (code) { return w.data.countries[code]; }));
    options(form.kind, counted(w.works, function (work) { return [work.kind]; }, same, rank(w.data.kinds)));
    options(form.decision, counted(w.works, function (work) { return [work.decision]; }, function (code) { return decisions[code]; }, rank(codes)));
    options(form.purpose, counted(w.works, function (work) { return work.purposes; }, function (code) { return w.data.purposes[code] || code; }));
    var years = w.works.map(function (work) { return work.year; }).filter(Boolean);
    until.min = years.length ? years.reduce(function (a, b) { return Math.min(a, b); }) : 0;
    until.max = years.length ? years.reduce(function (a, b) { return Math.max(a, b); }) : 0;
    until.value = until.max;
    until.parentElement.hidden = until.min === until.max;
    sayYear();
  }

  function sayYear() {
    untilText.textContent = until.value === until.max ? "all years" : "until " + until.value;
    until.setAttribute("aria-valuetext", untilText.textContent);
  }

  function read() {
    var chosen = w.filters;
    ["sector", "country", "kind", "purpose"].forEach(function (name) { chosen[name] = form[name].value === "*" ? "" : form[name].value; });
    chosen.decision = form.decision.value === "*" ? null : form.decision.value;
    chosen.until = until.value === until.max ? Infinity : Number(until.value);
    sayYear();
    w.apply();
  }

  var waiting = false;
  function soon() {
    if (waiting) { return; }
    waiting = true;
    window.requestAnimationFrame(function () { waiting = false; read(); });
  }

  w.find = function (text) {
    w.filters.find = text;
    finds.forEach(function (input) { if (input.value !== text) { input.value = text; } });
    w.apply();
  };

  /* Set the controls as the address of the page asks, and filter. */
  w.takeAddress = function () {
    var text = w.readAddress();
    w.filters.find = text;
    finds.forEach(function (input) { input.value = text; });
    read();
  };

  w.clearFilters = function () {
    form.reset();
    until.value = until.max;
    finds.forEach(function (input) { input.value = ""; });
    sayYear();
    w.reset();
  };

  w.startFilters = function () {
    fill();
    form.addEventListener("input", function (event) { if (!("find" in event.target.dataset)) { soon(); } });
    finds.forEach(function (input) { input.addEventListener("input", function () { w.find(input.value); }); });
    document.querySelectorAll("form").forEach(function (other) {
      other.addEventListener("submit", function (event) { event.preventDefault(); });
    });
    document.querySelectorAll("button[data-reset]").forEach(function (button) {
      button.addEventListener("click", w.clearFilters);
    });
    w.listeners.push(function () {
      document.querySelectorAll("button[data-reset]").forEach(function (button) { button.hidden = !w.isFiltered(); });
    });
  };
})(whereused);
