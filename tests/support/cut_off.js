// What a person cannot read: text beyond the edge of the window, or cut by the box around it.
() => {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth + 1) found.push(`the page is ${root.scrollWidth} wide`);
  const scrolls = (node) => {
    for (let at = node; at && at !== document.body; at = at.parentElement) {
      if (/(auto|scroll)/.test(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  for (const node of document.body.querySelectorAll("*")) {
    if (node.closest("svg, template, [hidden], .unseen, .skip")) continue;
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    if (style.display === "none" || style.visibility === "hidden" || box.width <= 2 || box.right < 0) continue;
    const told = `${node.tagName} ${node.className}: ${(node.innerText || node.value || "").slice(0, 40)}`;
    const text = [...node.childNodes].some((part) => part.nodeType === 3 && part.textContent.trim());
    const shown = text || node.matches("input, button, select");
    if (shown && box.right > root.clientWidth + 1 && !scrolls(node)) found.push(`beyond the edge: ${told}`);
    const cuts = /(hidden|clip)/.test(style.overflowX) || node.matches("button, .button, input[type=text]");
    if (cuts && node.scrollWidth > node.clientWidth + 1) found.push(`cut off: ${told}`);
  }
  return found;
}
