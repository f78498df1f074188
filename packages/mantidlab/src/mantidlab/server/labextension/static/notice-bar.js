/*
 * A line of text with buttons between the toolbar of a notebook and its cells. It blocks nothing.
 */

const LOOKS = new URL(`notice-bar.css${new URL(import.meta.url).search}`, import.meta.url).href;

function loadLooks() {
  if (!document.querySelector(`link[href="${LOOKS}"]`)) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: LOOKS });
    document.head.append(link);
  }
}

function element(tag, className, parent) {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
}

function addControl({ label, act, address }, parent) {
  const control = element(address ? "a" : "button", "mantidlab-Notice-control", parent);
  control.textContent = label;
  if (address) {
    Object.assign(control, { href: address, target: "_blank", rel: "noopener", title: "Opens in a new tab" });
  } else {
    control.type = "button";
    control.addEventListener("click", act);
  }
}

/**
 * Return `{widget, say, clear}`: `say(text, controls)` shows the bar, `clear()` takes it away. The title is for those
 * who hear the page.
 */
export function makeNoticeBar(Widget, title) {
  loadLooks();
  const widget = new Widget();
  widget.addClass("mantidlab-Notice");
  widget.node.setAttribute("role", "region");
  widget.node.setAttribute("aria-label", title);
  const inner = element("div", "mantidlab-Notice-inner", widget.node);
  const text = element("p", "mantidlab-Notice-text", inner);
  text.setAttribute("role", "status");
  const controls = element("div", "mantidlab-Notice-controls", inner);
  widget.hide();

  // JupyterLab's layout gives a widget the height that it asks for, so it has to ask again when its text wraps.
  const observer = new ResizeObserver(() => {
    const height = `${Math.ceil(inner.getBoundingClientRect().height)}px`;
    if (widget.isVisible && widget.node.style.minHeight !== height) {
      widget.node.style.minHeight = height;
      widget.parent?.fit();
    }
  });
  observer.observe(inner);
  widget.disposed.connect(() => observer.disconnect());

  return {
    widget,
    say: (words, offers) => {
      widget.show();
      text.textContent = words;
      controls.replaceChildren();
      offers.filter(Boolean).forEach((offer) => addControl(offer, controls));
    },
    clear: () => {
      widget.hide();
      text.textContent = "";
      controls.replaceChildren();
    },
  };
}
