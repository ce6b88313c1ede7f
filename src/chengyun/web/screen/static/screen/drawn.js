// How the forms of a tile are drawn. Each takes the tile's body and what its server told (docs/interfaces.md, «The command screen»).
// Numbers are links to the cases behind them; nothing here listens, so what is replaced leaves nothing behind.
const made = (tag, { href, ...properties } = {}, ...inside) => {
  const element = Object.assign(document.createElement(tag), properties);
  if (href) element.href = href;
  element.append(...inside.filter((each) => each !== null && each !== undefined));
  return element;
};
const SVG = "http://www.w3.org/2000/svg";
const drawn = (tag, attributes, ...inside) => {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
};
const SHAPES = { green: "●", yellow: "◐", red: "▲", grey: "❚❚", "": "" };

const number = ({ text, unit, exact, href }, extra = "") =>
  made(href ? "a" : "span", { href, className: `number ${extra}`, title: exact || "" }, made("b", {}, text), made("small", {}, unit || ""));

const share = (value, className) => {
  const bar = made("i", { className });
  bar.style.width = `${Math.max(0, Math.min(1, value)) * 100}%`;
  return made("span", { className: "track" }, bar);
};

const figures = (body, { periods, rows }) => {
  body.classList.toggle("is-wide", periods.length > 2);
  const head = made("div", { className: "row head" }, made("span", {}, ""), ...periods.map((title) => made("span", {}, title)));
  const lines = rows.map(({ title, cells }) =>
    made("div", { className: "row" }, made("span", { className: "title" }, title), ...cells.map((cell) =>
      made("div", { className: "cell" }, number(cell), cell.change ? made("em", {}, cell.change.words) : null))));
  body.replaceChildren(head, ...lines);
};

const lamps = (body, { cells }) =>
  body.replaceChildren(...cells.map((cell) =>
    made("div", { className: `lamp lamp-${cell.lamp}` }, number(cell), made("span", { className: "title" }, made("i", {}, SHAPES[cell.lamp]), cell.title))));

const bars = (body, { rows, heads, left_out: leftOut }, words) => {
  if (!rows.length) return body.replaceChildren(made("p", { className: "empty" }, words.nothing));
  body.dataset.rows = rows.length > 12 ? "many" : rows.length > 6 ? "more" : "few";
  const head = heads ? [made("div", { className: "row head" }, made("span", {}, ""), ...heads.map((title) => made("span", {}, title)))] : [];
  const lines = rows.map(({ title, share: part, cells }) =>
    made("div", { className: "row" }, made("span", { className: "title" }, title, share(part, "bar")), ...cells.map((cell) => number(cell))));
  body.replaceChildren(...head, ...lines, ...(leftOut ? [made("p", { className: "left-out" }, words.leftOut.replace("{n}", leftOut))] : []));
};

const cases = (body, { rows, empty }) => {
  const line = ({ time, state, title, place, lamp, href }) =>
    made("a", { href, className: `case lamp-${lamp || "none"}` }, made("i", {}, SHAPES[lamp || ""]), time ? made("time", {}, time) : null,
      made("b", {}, state || ""), made("span", { className: "what" }, title), made("span", { className: "where" }, place || ""));
  body.replaceChildren(...(rows.length ? rows.map(line) : [made("p", { className: "empty" }, empty || "")]));
};

// Two lines over thirty days; each day opens its cases.
const trend = (body, { days, series }) => {
  const [wide, high, low] = [600, 300, 30];
  const most = Math.max(1, ...series.flatMap(({ points }) => points.map(([count]) => count)));
  const at = (place) => 8 + ((wide - 16) * place) / Math.max(1, days.length - 1);
  const up = (count) => high - low - ((high - low - 12) * count) / most;
  const svg = drawn("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": series.map(({ title }) => title).join(" ") });
  svg.append(drawn("line", { x1: 8, x2: wide - 8, y1: high - low, y2: high - low, class: "axis" }));
  series.forEach(({ points }, which) => {
    svg.append(drawn("polyline", { class: `line line-${which}`, points: points.map(([count], place) => `${at(place)},${up(count)}`).join(" ") }));
    points.forEach(([count, href], place) => {
      const dot = drawn("circle", { cx: at(place), cy: up(count), r: 5, class: `dot dot-${which}` }, drawn("title", {}, `${days[place]} ${series[which].title} ${count}`));
      svg.append(href ? drawn("a", { href }, dot) : dot);
    });
  });
  for (const place of [0, Math.floor((days.length - 1) / 2), days.length - 1]) {
    const anchor = place === 0 ? "start" : place === days.length - 1 ? "end" : "middle";
    svg.append(Object.assign(drawn("text", { x: at(place), y: high - 4, "text-anchor": anchor, class: "day" }), { textContent: days[place] }));
  }
  const legend = series.map((each, which) => made("div", { className: `legend legend-${which}` }, made("span", { className: "title" }, each.title), number(each)));
  body.replaceChildren(made("div", { className: "legends" }, ...legend), svg);
};

const FORMS = { figures, lamps, bars, cases, trend };

export const draw = (tile, told, words) => {
  const body = tile.querySelector("[data-body]");
  tile.querySelector("[data-period]").textContent = told.period || "";
  if (told.fault) body.replaceChildren(made("p", { className: "empty" }, words.fault));
  else FORMS[tile.dataset.form]?.(body, told, words);
};

export const alarmLine = ({ title, words, since, href }) => made("a", { href }, made("b", {}, title), ` ${words} `, made("time", {}, since));
