// Keys of the whole page: / goes to the search field, ? shows all keys of this page, g and a letter goes to a page of the
// menu (data-go), Escape leaves a field or closes a menu, and the letter in data-key presses what carries it.
const isTyping = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select");
const openMenus = () => document.querySelectorAll("details.drop[open]");
const isSeen = (element) => element.checkVisibility?.() ?? true;
const GO_MS = 1500;
let going = 0;

const find = (attribute, key) => [...document.querySelectorAll(`[${attribute}]`)].find((each) => each.getAttribute(attribute) === key && isSeen(each));

function pressed(key) {
  if (Date.now() - going < GO_MS) return find("data-go", key);
  if (key === "/") return document.querySelector("[data-find]");
  if (key === "?") return document.querySelector("key-help");
  return find("data-key", key);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    openMenus().forEach((menu) => (menu.open = false));
    if (isTyping(event.target)) event.target.blur();
    return;
  }
  if (isTyping(event.target) || event.key === "Shift") return;
  const target = pressed(event.key);
  const begins = !target && event.key === "g" && document.querySelector("[data-go]");
  going = begins ? Date.now() : 0;
  if (!target) return;
  event.preventDefault();
  if (target.localName === "key-help") target.show();
  else if (target.matches("input, textarea, select")) target.focus();
  else target.click();
});

// A click elsewhere closes an open menu.
document.addEventListener("click", (event) => {
  openMenus().forEach((menu) => menu.contains(event.target) || (menu.open = false));
  if (event.target.closest("[data-show-keys]")) document.querySelector("key-help")?.show();
});
