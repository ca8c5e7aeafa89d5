/* The signs of the map: sector by colour and by shape, either alone is enough to tell them apart. */
(function (w) {
  "use strict";

  var SIGNS = {
    academic: '<circle cx="12" cy="12" r="6.5"/>',
    commercial: '<rect x="6" y="6" width="12" height="12"/>',
    government: '<path d="M12 4.5 19.5 18h-15z"/>',
    military: '<path d="M12 3.5 20.5 12 12 20.5 3.5 12z"/>',
    nonprofit: '<path d="M12 4.5 19.5 10l-2.9 8.7H7.4L4.5 10z"/>',
    healthcare: '<path d="M9.2 4.5h5.6v4.7h4.7v5.6h-4.7v4.7H9.2v-4.7H4.5V9.2h4.7z"/>',
    other: '<path d="M12 19.5 4.5 6h15z"/>'
  };

  /* Everything here is ours: numbers and the words above, no text from outside. The colours stand in page.css. */
  w.sign = function (sector, isHollow, isCity) {
    var ring = isCity ? '<circle class="ring" cx="12" cy="12" r="10.8" stroke-dasharray="2.6 2.2"/>' : "";
    return '<svg viewBox="0 0 24 24" width="24" height="24" class="s-' + sector + '" aria-hidden="true">' + ring +
      '<g class="mark' + (isHollow ? " hollow" : "") + '">' + SIGNS[sector] + "</g></svg>";
  };

  function slice(from, to, sector, isPale) {
    var paint = 'class="slice s-' + sector + '"' + (isPale ? ' fill-opacity="0.38"/>' : "/>");
    if (to - from > 0.9999) { return '<circle cx="20" cy="20" r="18" ' + paint; }
    function at(share) { return (20 + 18 * Math.sin(share * 2 * Math.PI)).toFixed(2) + " " + (20 - 18 * Math.cos(share * 2 * Math.PI)).toFixed(2); }
    return '<path d="M20 20L' + at(from) + "A18 18 0 " + (to - from > 0.5 ? 1 : 0) + " 1 " + at(to) + 'Z" ' + paint;
  }

  /* A pie of the sectors with the number of places in its middle, and the same in words; pale where no use is verified. */
  w.pie = function (places) {
    var n = places.length, size = n < 10 ? 36 : n < 100 ? 42 : n < 1000 ? 50 : 58, at = 0, slices = "", words = [];
    var nUsed = places.filter(function (place) { return place.isUsed; }).length;
    Object.keys(SIGNS).forEach(function (sector) {
      var mine = places.filter(function (place) { return place.sector === sector; });
      var used = mine.filter(function (place) { return place.isUsed; }).length;
      if (mine.length) { words.push(mine.length + " " + sector); }
      if (used) { slices += slice(at / n, (at + used) / n, sector, false); }
      if (mine.length > used) { slices += slice((at + used) / n, (at + mine.length) / n, sector, true); }
      at += mine.length;
    });
    return {
      size: size, words: n + " places close together: " + words.join(", ") + "; " + nUsed + " with a verified use; opens them",
      html: '<svg viewBox="0 0 40 40" width="' + size + '" height="' + size + '" aria-hidden="true"><circle cx="20" cy="20" r="19.6" class="edge"/>' +
        slices + '<circle cx="20" cy="20" r="11.2" class="edge"/><text x="20" y="24.3" text-anchor="middle">' + n + "</text></svg>"
    };
  };

  document.querySelectorAll(".legend li[data-sector]").forEach(function (item) {
    item.querySelector(".sign").innerHTML = w.sign(item.dataset.sector, item.dataset.status === "candidate", item.dataset.granularity === "city");
  });
})(whereused);
