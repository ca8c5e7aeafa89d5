/* The filters in the address, behind #: who copies it shares what the page shows.  Read once the filters stand, written as they change.
   #place=03abc opens the pin of an institution (the end of its ROR id), #work=doi:10.1/x goes to the row of a work. */
(function (w) {
  "use strict";

  var form = document.getElementById("filters"), until = document.getElementById("until");
  var names = ["sector", "country", "kind", "decision", "purpose"];
  var embedded = document.documentElement.dataset.embed;

  function given() {
    return new URLSearchParams(window.location.hash.replace(/^#(embed-(map|chart))?/, ""));
  }

  /* Only what the page has to choose from; anything else is passed over. */
  w.readAddress = function () {
    var asked = given(), year = Number(asked.get("until"));
    names.forEach(function (name) {
      var known = asked.has(name) && Array.from(form[name].options).some(function (option) { return option.value === asked.get(name); });
      form[name].value = known ? asked.get(name) : "*";
    });
    until.value = asked.has("until") && year >= Number(until.min) && year <= Number(until.max) ? year : until.max;
    return asked.get("find") || "";
  };

  function write() {
    var told = new URLSearchParams(), hash = window.location.hash;
    names.forEach(function (name) { if (form[name].value !== "*") { told.set(name, form[name].value); } });
    if (until.value !== until.max) { told.set("until", until.value); }
    if (w.filters.find) { told.set("find", w.filters.find); }
    var text = (embedded ? "embed-" + embedded + (String(told) ? "&" : "") : "") + told;
    if (!text && (!hash.includes("=") || pointed())) { return; } // a link to a part of the page stays as it is
    if ("#" + text !== hash) { window.history.replaceState(null, "", "#" + text); }
  }

  function pointed() {
    return given().get("place") || given().get("work");
  }

  /* Go to the place or the work that the address names. */
  w.point = function () {
    var asked = given();
    if (asked.has("place")) { w.showPlace(asked.get("place")); }
    if (asked.has("work")) { w.showWork(asked.get("work")); }
  };

  w.startAddress = function () {
    w.listeners.push(write);
    window.addEventListener("hashchange", function () {
      if (!window.location.hash.includes("=")) { return; }
      w.takeAddress();
      w.point();
    });
  };
})(whereused);
