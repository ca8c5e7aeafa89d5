/* The works and places of the page, and which of them the reader's filters let through.
   The layout of the data block is made by publish/page/data.py. */
var whereused = { filters: {}, works: [], places: [], listeners: [] };

(function (w) {
  "use strict";

  /* In somebody else's page: only the part that its frame asks for, with the caveat. */
  var embedded = /^#embed-(map|chart)(?:&|$)/.exec(window.location.hash);
  if (embedded) { document.documentElement.dataset.embed = embedded[1]; }

  w.load = async function () {
    var block = document.getElementById("page-data");
    decode(JSON.parse("packed" in block.dataset ? await unpack(block.textContent) : block.textContent));
    w.reset();
  };

  function unpack(text) {
    var bytes = Uint8Array.from(atob(text.trim()), function (letter) { return letter.charCodeAt(0); });
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  }

  function decode(data) {
    w.data = data;
    w.works = data.works.map(function (cells, number) {
      var verdict = data.verdicts[cells[5]], link = cells[3] && data.prefixes[cells[3][0]] + cells[3].slice(1);
      return {
        number: number, title: cells[0], year: cells[1], venue: data.venues[cells[2]], link: /^https?:\/\//.test(link) ? link : "",
        id: data.ids[number] || data.schemes[cells[3][0]] + ":" + cells[3].slice(1), given: data.given[number] || [], waiting: data.waiting[number],
        reviewedBy: verdict[5], kind: data.kinds[cells[4]], verdict: verdict[0], decision: verdict[1], purposes: verdict[2], isUsed: verdict[3] === 1,
        isGone: verdict[4] === 1, quote: cells[6] || "", page: cells[7] || 0, giver: cells[6] ? data.givers[cells[8]][0] : "", giverName: cells[6] ? data.givers[cells[8]][1] : "",
        section: cells[9] || "", translation: cells[10] || "", places: []
      };
    });
    w.places = data.places.map(function (cells, number) {
      var place = {
        number: number, key: data.keys[number] || cells[1], name: cells[0], ror: cells[1] && "https://ror.org/" + cells[1], sector: data.sectors[cells[2]],
        city: data.cities[cells[3]], code: cells[4], country: data.countries[cells[4]], isCity: cells[5] === 1, score: cells[6],
        method: data.methods[cells[7]], at: [cells[8], cells[9]],
        links: cells[10].map(function (link) { return { work: w.works[link >> 1], isUsed: (link & 1) === 1 }; })
      };
      place.links.forEach(function (link) { link.work.places.push({ place: place, isUsed: link.isUsed }); });
      return place;
    });
    w.works.forEach(function (work) {
      work.where = work.places.map(function (link) {
        return link.place.name + (work.isUsed && !link.isUsed ? " (place not confirmed)" : "");
      }).concat(work.given, w.waiting(work)).join("; ");
      work.text = [work.title, work.venue, work.where, work.quote, work.translation, work.verdict].join(" ").toLowerCase();
    });
  }

  /* What waits for a second source or a reviewer is not named; its country is. */
  w.waiting = function (work) {
    return work.waiting ? ["institution not confirmed yet" + (work.waiting.length ? " (" + work.waiting.join(", ") + ")" : "")] : [];
  };

  w.reset = function () {
    w.filters = { until: Infinity, sector: "", country: "", kind: "", decision: null, purpose: "", find: "" };
    w.apply();
  };

  w.passes = function (work) {
    var wanted = w.filters;
    return (wanted.until === Infinity || (work.year && work.year <= wanted.until)) && (!wanted.kind || work.kind === wanted.kind) &&
      (wanted.decision === null || work.decision === wanted.decision) && (!wanted.purpose || work.purposes.includes(wanted.purpose)) &&
      w.words.every(function (word) { return work.text.includes(word); });
  };

  function isAsked(place) {
    return (!w.filters.sector || place.sector === w.filters.sector) && (!w.filters.country || place.code === w.filters.country);
  }

  /* Mark what the filters let through and tell the table and the map. */
  w.apply = function () {
    var byPlace = w.filters.sector || w.filters.country;
    w.words = w.filters.find.toLowerCase().split(/\s+/).filter(Boolean);
    w.works.forEach(function (work) {
      work.isShown = Boolean(w.passes(work)) && (!byPlace || work.places.some(function (link) { return isAsked(link.place); }));
    });
    w.places.forEach(function (place) {
      place.shown = isAsked(place) ? place.links.filter(function (link) { return link.work.isShown; }) : [];
      place.isUsed = place.shown.some(function (link) { return link.isUsed; });
    });
    w.listeners.forEach(function (listener) { listener(); });
  };

  w.isFiltered = function () {
    var wanted = w.filters;
    return wanted.until !== Infinity || wanted.decision !== null || Boolean(wanted.sector || wanted.country || wanted.kind || wanted.purpose || wanted.find);
  };

  /* Texts from outside are only ever set as textContent, never parsed as HTML. */
  w.element = function (name, className, text) {
    var made = document.createElement(name);
    if (className) { made.className = className; }
    if (text !== undefined) { made.textContent = text; }
    return made;
  };

  w.link = function (text, address) {
    if (!address) { return w.element("bdi", "", text); }
    var made = w.element("a", "", text);
    made.href = address;
    made.rel = "noopener noreferrer";
    made.dir = "auto";
    return made;
  };

  w.evidence = function (work) {
    if (!work.quote) { return []; }
    var from = work.giver === "fulltext" ? "from the full text" : "as given by " + work.giverName;
    var where = (work.section ? work.section + ", " : "") + (work.page ? "p. " + work.page + ", " : "");
    var quote = w.element("blockquote", "", work.quote);
    quote.dir = "auto";
    var translated = work.translation ? [w.element("blockquote", "translation", work.translation), " (translation) "] : [];
    return [quote, " "].concat(translated, w.element("cite", "", where + from));
  };

  /* A work as an entry of a list: the verdict, title and year, the passage. */
  w.entry = function (link) {
    var work = link.work, item = w.element("li");
    var words = link.isUsed || !work.isUsed ? work.verdict : "place not confirmed";
    item.append(w.element("b", link.isUsed ? "used" : "", words), " ");
    if (link.isUsed && work.reviewedBy) { item.append(w.element("span", "kind", work.reviewedBy), " "); }
    item.append(w.link(work.title, work.link));
    item.append.apply(item, [work.year ? " (" + work.year + ") " : " "].concat(w.evidence(work)));
    return item;
  };
})(whereused);
