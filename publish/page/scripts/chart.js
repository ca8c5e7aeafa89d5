/* The yearly totals of the column that is pointed at, reached or tapped; papers and patents by the switch. */
(function () {
  "use strict";

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

  document.querySelectorAll("select[data-charts]").forEach(function (select) {
    function choose() {
      document.querySelectorAll("[data-set]").forEach(function (set) { set.hidden = set.dataset.set !== select.value; });
    }
    select.addEventListener("change", choose);
    choose();
  });
})();
