// Light and dark: which colours a plot has, after JupyterLab's theme or, elsewhere, after the page behind it.

export interface Theme {
  readonly dark: boolean;
  /** Behind the curves. */
  readonly paper: string;
  /** Text and axes. */
  readonly ink: string;
  /** Text of less weight; still 4.5:1 on paper. */
  readonly quiet: string;
  readonly grid: string;
  readonly accent: string;
  /** What went wrong; and fits, which must be told from every curve. */
  readonly alarm: string;
  readonly font: string;
}

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

export const LIGHT: Theme = {
  dark: false,
  paper: "#ffffff",
  ink: "#1b1b1d",
  quiet: "#5c5f66",
  grid: "#e6e7ea",
  accent: "#0b5cad",
  alarm: "#a3220f",
  font: FONT,
};
const DARK: Theme = {
  dark: true,
  paper: "#17181b",
  ink: "#e9eaec",
  quiet: "#a9adb6",
  grid: "#303239",
  accent: "#7cb8ff",
  alarm: "#ff9d8f",
  font: FONT,
};

/** The theme for this element: by JupyterLab's word, else by the colour behind it, else by the system's wish. */
export function themeOf(element: Element): Theme {
  const word = document.body.dataset.jpThemeLight;
  if (word !== undefined) return word === "false" ? DARK : LIGHT;
  for (let node: Element | null = element; node !== null; node = node.parentElement) {
    const light = luminance(getComputedStyle(node).backgroundColor);
    if (light !== null) return light < 0.4 ? DARK : LIGHT;
  }
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? DARK : LIGHT;
}

/** Call whenever the theme may have changed, until the signal. */
export function watchTheme(call: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(call);
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-name", "data-jp-theme-light", "class", "style"],
  });
  signal.addEventListener("abort", () => observer.disconnect());
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", call, { signal });
}

/** The relative luminance of a CSS colour `rgb(…)`; null when it is transparent or unknown. */
function luminance(colour: string): number | null {
  const parts = /^rgba?\(([^)]+)\)$/
    .exec(colour)?.[1]
    ?.split(/[ ,/]+/)
    .map(Number);
  if (parts === undefined || parts.length < 3 || (parts[3] ?? 1) < 0.5) return null;
  const linear = parts.slice(0, 3).map((c) => {
    const share = c / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}
