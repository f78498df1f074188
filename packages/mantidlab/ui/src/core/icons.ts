// Icons of the buttons: 24 × 24 strokes in the colour of the text.

const PATHS = {
  home: "M4 11 12 4l8 7M6 9.5V20h12V9.5",
  undo: "M8 5 4 9l4 4M4 9h9a6 6 0 0 1 0 12h-3",
  redo: "M16 5l4 4-4 4M20 9h-9a6 6 0 0 0 0 12h3",
  zoomIn: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l5 5M8 11h6M11 8v6",
  zoomOut: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l5 5M8 11h6",
  box: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8h8v8H8z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  help: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
  legend: "M4 6h4M11 6h9M4 12h4M11 12h9M4 18h4M11 18h9",
  errors: "M12 3v6M12 15v6M9 3h6M9 21h6M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6",
  figure: "M4 20V4M4 20h16M7 16l4-6 3 3 5-8",
  range: "M6 4v16M18 4v16M6 12h12M9 9l-3 3 3 3M15 9l3 3-3 3",
  fit: "M4 19c5 0 4-13 8-13s3 13 8 13",
  waterfall: "M3 18c3 0 3-4 5-4s2 4 5 4M7 13c3 0 3-4 5-4s2 4 5 4M11 8c3 0 3-4 5-4s2 4 5 4",
  sliders:
    "M4 7h9M19 7h1M16 4.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M4 17h1M11 17h9M8 14.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
  axes: "M5 4v15h15M5 9h3M5 14h3M10 19v-3M15 19v-3",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  eye: "M2 12s4-6 10-6 10 6 10 6-4 6-10 6S2 12 2 12M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6",
  normalise: "M4 20V8M9 20V8M14 20V8M19 20V8M3 5h18",
  width: "M3 20h4V10H3zM7 20h7V6H7zM14 20h3v-8h-3zM17 20h4v-4h-4z",
  grid: "M4 4h16v16H4zM4 9.3h16M4 14.7h16M9.3 4v16M14.7 4v16",
  rectangle: "M4 6h16v12H4z",
  ellipse: "M12 5c5 0 9 3 9 7s-4 7-9 7-9-3-9-7 4-7 9-7",
  polygon: "M12 3l8 6-3 10H7L4 9z",
  line: "M4 20 20 4",
  transpose: "M7 4v12M4 13l3 3 3-3M20 17H8M17 14l3 3-3 3",
  palette:
    "M12 3a9 9 0 1 0 0 18c1.5 0 2-1 1.6-2.2-.5-1.5.4-2.8 2-2.8H18a3 3 0 0 0 3-3c0-5.5-4-10-9-10M8 9h.01M12 7h.01M16 9h.01M7 13h.01",
  play: "M7 4l12 8-12 8z",
  pause: "M8 5v14M16 5v14",
  rotate: "M4 12a8 8 0 1 0 3-6.2M7 2v4h4",
  save: "M12 4v11M7 11l5 5 5-5M4 20h16",
  copy: "M8 8h12v12H8zM4 16V4h12",
  mask: "M4 4l16 16M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  pick: "M5 3l6 16 2-6 6-2z",
  pan: "M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3",
  wait: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 3",
} as const;

export type IconName = keyof typeof PATHS;

/** The icon as an SVG element, hidden from screen readers: the button's label says it. */
export function icon(name: IconName, size = 20): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const attributes = {
    viewBox: "0 0 24 24",
    width: String(size),
    height: String(size),
    fill: "none",
    stroke: "currentColor",
    "aria-hidden": "true",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  svg.setAttribute("stroke-width", name === "more" ? "3" : "1.8");
  svg.setAttribute("stroke-linecap", "round");
  svg.setAttribute("stroke-linejoin", "round");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
