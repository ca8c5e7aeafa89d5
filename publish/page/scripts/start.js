/* Last: read the data, then let everything that waits for it begin. */
(function (w) {
  "use strict";
  w.load().then(function () {
    w.startFilters();
    w.startTables();
    w.takeAddress();
    w.startAddress();
    w.startMap();
    w.point();
    document.documentElement.dataset.ready = String(w.places.length);
  });
})(whereused);
