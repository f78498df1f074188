// The person's language. A page speaks one, and it is known once its panels start.
import type { TranslationBundle } from "@jupyterlab/translation";

type Speaker = Pick<TranslationBundle, "__">;

let speaker: Speaker = {
  __: (text: string, ...given: unknown[]) => text.replace(/%(\d)/g, (_, place) => String(given[Number(place) - 1])),
};

/** Texts in the person's language; English until `speak` was called. */
export const t: Speaker = { __: (text, ...given) => speaker.__(text, ...given) };

export function speak(language: Speaker): void {
  speaker = language;
}
