/* The yearly totals of the country that is pointed at, reached or tapped, papers and patents apart; the switch between charts. */
(function () {
  "use strict";

  function made(name, className, text) {
    var element = document.createElement(name);
    element.className = className;
    if (text !== undefined) { element.textContent = text; }
    return element;
  }

  /* The country's rows of the chart's own table, one block a year. */
  function card(figure, code) {
    var rows = Array.from(figure.querySelector('tbody[data-country="' + code + '"]').rows), heads = figure.querySelector("thead tr").cells;
    var n = heads.length - 2, counts = rows.map(function (row) { return Array.from(row.cells).slice(-n - 1); }); // [kind, years …, total]
    var box = made("div", "card"), title = made("p", ""), cells = made("div", "cells");
    title.append(made("b", "", rows[0].cells[0].textContent));
    counts.forEach(function (row) { title.append(" ", sum(row[n].textContent, row[0].textContent, true)); });
    for (var i = 1; i < n; i++) {
      var cell = made("span", "cell"), told = counts.filter(function (row) { return row[i].textContent; });
      cell.append(made("small", "", heads[i + 1].textContent));
      told.forEach(function (row) { cell.append(sum(row[i].textContent, row[0].textContent, false)); });
      if (told.length) { cells.append(cell); }
    }
    box.append(title, cells);
    return box;
  }

  function sum(n, kind, isWorded) {
    return made("span", "sum " + kind.split(" ")[0], isWorded ? n + " " + (n === "1" ? kind.replace(/s$/, "") : kind) : n);
  }

  document.querySelectorAll(".chart").forEach(function (figure) {
    var readout = figure.querySelector(".readout"), hint = readout.firstElementChild, home = figure.querySelector(".years");
    function tell(event) {
      var column = event.target.closest ? event.target.closest(".column, .bar") : null;
      if (!column && event.type !== "mouseleave") { return; }
      if (column && column.classList.contains("bar")) { column.after(readout); } else { home.after(readout); }
      readout.replaceChildren(column ? card(figure, column.dataset.country) : hint);
      readout.ariaHidden = String(Boolean(column && column.classList.contains("column"))); // its label has said it
      figure.querySelectorAll(".column, .bar").forEach(function (other) { other.classList.toggle("is-on", other === column); });
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
