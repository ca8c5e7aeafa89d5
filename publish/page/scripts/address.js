/* The filters in the address, behind #: who copies it shares what the page shows.  Read once the filters stand, written as they change. */
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
    if (!text && !hash.includes("=")) { return; } // a link to a part of the page stays as it is
    if ("#" + text !== hash) { window.history.replaceState(null, "", "#" + text); }
  }

  w.startAddress = function () {
    w.listeners.push(write);
    window.addEventListener("hashchange", function () { if (window.location.hash.includes("=")) { w.takeAddress(); } });
  };
})(whereused);
