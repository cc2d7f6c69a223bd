"use strict";

// What is added where a browser runs scripts: tables that sort and filter, and the list behind a
// figure in a window of its own. The page tells everything without it.
(() => {
  const LONG = 12; // rows beyond which a table can be filtered
  const SHOWN_OF_AN_ACTION = ["title", "owner", "due_on"];
  const RATINGS = "RAGC"; // from worst to best
  const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const inWords = new Intl.Collator("en-GB", { numeric: true });

  const made = (tag, text = "", attributes = {}) => {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  const head = (table) => [...table.tHead.rows[0].cells];
  const label = (cell) => (cell.querySelector("button") ?? cell).textContent;

  // A scrolling region is a stop of the Tab key only while it scrolls.
  const regions = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });

  // What a cell is sorted by: a day or a number as a number, other texts as they are.
  const key = (text, kind) => {
    if (kind === "rag" && text) return RATINGS.indexOf(text[0]);
    if (kind === "number") return text === "=" ? 0 : text === "" ? "" : Number(text);
    const day = text.match(/^(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})/);
    return day ? Date.UTC(day[3], MONTHS.indexOf(day[2]) / 3, day[1]) : text;
  };

  // Numbers stand before texts. Empty cells are last, whichever the direction.
  const compare = (one, other, direction) => {
    if (one === "" || other === "") return (one === "") - (other === "");
    if (typeof one !== typeof other) return typeof one === "number" ? -direction : direction;
    if (typeof one === "number") return direction * (one - other);
    return direction * inWords.compare(one, other);
  };

  const sortable = (table) => {
    const body = table.tBodies[0];
    const isTotal = (row) => row.className === "total";
    const all = [...body.rows];
    const rows = all.filter((row) => !isTotal(row));
    const totals = all.slice(rows.length);
    // Rows with a total among them are in an order that means something.
    if (rows.length < 2 || !totals.every(isTotal)) return;
    for (const [place, cell] of head(table).entries()) {
      const button = made("button", cell.textContent, { type: "button" });
      cell.replaceChildren(button);
      button.addEventListener("click", () => {
        const next = { ascending: "descending", descending: null }[cell.ariaSort];
        const order = next === undefined ? "ascending" : next;
        for (const other of head(table)) other.removeAttribute("aria-sort");
        if (order) cell.setAttribute("aria-sort", order);
        const direction = order === "descending" ? -1 : 1;
        const keyed = rows.map((row) => [key(row.cells[place].textContent, cell.className), row]);
        if (order) keyed.sort(([one], [other]) => compare(one, other, direction));
        body.append(...keyed.map(([, row]) => row), ...totals);
      });
    }
  };

  const filterable = (table, number) => {
    const rows = [...table.tBodies[0].rows];
    const counted = rows.filter((row) => row.className !== "total");
    if (counted.length <= LONG) return;
    const id = `filter-${number}`;
    const box = made("input", "", { type: "search", id, autocomplete: "off" });
    const count = made("output", `${counted.length} rows`, { for: id });
    const filter = made("div", "", { class: "filter" });
    filter.append(made("label", "Filter the table", { for: id }), box, count);
    table.parentElement.before(filter);
    const texts = new Map(rows.map((row) => [row, row.innerText.toLowerCase()]));
    box.addEventListener("input", () => {
      const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      const fits = (row) => words.every((word) => texts.get(row).includes(word));
      for (const row of rows) {
        // Totals are those of all rows, so they stand only where all rows do.
        row.hidden = words.length > 0 && (row.className === "total" || !fits(row));
      }
      const left = counted.filter((row) => !row.hidden).length;
      count.value = words.length ? `${left} of ${counted.length} rows` : `${counted.length} rows`;
    });
  };

  // What the tables of this page tell of an action, by its reference. The fullest is the last.
  const actions = () => {
    const known = new Map();
    for (const table of document.querySelectorAll("table[data-by-ref]")) {
      const places = new Map(head(table).map((cell, place) => [cell.dataset.name, place]));
      for (const row of table.tBodies[0].rows) {
        const cells = SHOWN_OF_AN_ACTION.map((name) => row.cells[places.get(name)]);
        known.set(row.cells[0].textContent, cells.map((cell) => cell?.textContent ?? ""));
      }
    }
    return known;
  };

  const tableOf = (refs, known) => {
    const table = made("table");
    const names = table.createTHead().insertRow();
    for (const name of ["Ref", "Title", "Owner", "Due"]) names.append(made("th", name, { scope: "col" }));
    const body = table.createTBody();
    for (const ref of refs) {
      const row = body.insertRow();
      row.append(made("th", ref, { scope: "row", class: "code" }));
      const texts = known.get(ref) ?? SHOWN_OF_AN_ACTION.map(() => "");
      row.append(...texts.map((text) => made("td", text, { dir: "auto" })));
    }
    return table;
  };

  const nameOf = (link, list) => {
    const cell = link.closest("td");
    if (!cell) return list.dataset.name;
    const table = cell.closest("table");
    const row = cell.parentElement.querySelector("th").textContent;
    return `${table.caption.textContent}: ${row}, ${label(head(table)[cell.cellIndex])}`;
  };

  const openLists = () => {
    const dialog = made("dialog", "", { "aria-labelledby": "list-name" });
    document.body.append(dialog);
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    let known;
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a.figure");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const list = document.getElementById(link.hash.slice(1));
      const refs = [...list.querySelectorAll(".refs li")].map((item) => item.textContent);
      known ??= actions();
      const content = made("div");
      const count = refs.length === 1 ? "1 reference" : `${refs.length} references`;
      const close = made("button", "Close", { type: "button" });
      close.addEventListener("click", () => dialog.close());
      const bar = made("div", "", { class: "bar" });
      bar.append(made("h2", nameOf(link, list), { id: "list-name" }), close);
      const isTold = refs.some((ref) => known.has(ref));
      const told = isTold ? tableOf(refs, known) : list.querySelector(".refs").cloneNode(true);
      content.append(bar, made("p", count), told);
      dialog.replaceChildren(content);
      dialog.showModal();
      dialog.scrollTop = 0;
    });
    for (const link of document.querySelectorAll("a.figure")) link.ariaHasPopup = "dialog";
  };

  for (const region of document.querySelectorAll(".scroll")) regions.observe(region);
  for (const [number, table] of document.querySelectorAll("main table").entries()) {
    sortable(table);
    filterable(table, number);
  }
  openLists();
})();
