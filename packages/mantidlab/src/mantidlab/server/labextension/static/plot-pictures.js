/*
 * Asks a plot for a picture of what it shows, small enough to be kept in a notebook.
 *
 * A plot is an element with `data-plot`. It answers the event `mantidlab:snapshot` by calling `detail.answer` with a
 * promise of a PNG, or of nothing. Its pictures have twice the pixels of the screen, where it can.
 */

const ENOUGH = 400_000; // bytes; noise does not compress, and a notebook with ten plots has to be sent and saved
const DENSITY = 2;

async function asBase64(blob) {
  const address = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
  return address.slice(address.indexOf(",") + 1);
}

async function shrunk(bitmap) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width / DENSITY));
  canvas.height = Math.max(1, Math.round(bitmap.height / DENSITY));
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function ask(plot) {
  return new Promise((resolve) => {
    const detail = { answer: resolve };
    plot.dispatchEvent(new CustomEvent("mantidlab:snapshot", { bubbles: true, detail }));
    resolve(null); // nobody answered: a promise keeps its first answer
  });
}

/** Return what a plot says of itself to those who do not see it, if it does. */
function wordsOf(plot) {
  const described = plot.querySelector("[aria-describedby]")?.getAttribute("aria-describedby") ?? "";
  const words = document.getElementById(described.split(" ")[0])?.textContent.trim().slice(0, 400);
  return words ? { alt: words } : {};
}

/** Return `{picture, about}`: PNG in base64, and its size on the screen and in words; nothing if there is none. */
export async function takePicture(plot) {
  try {
    const blob = await ask(plot);
    if (!blob) {
      return undefined;
    }
    const bitmap = await createImageBitmap(blob);
    const width = Math.round(Math.min(bitmap.width, plot.clientWidth || bitmap.width / DENSITY));
    const height = Math.round((bitmap.height * width) / bitmap.width);
    const kept = blob.size > ENOUGH ? ((await shrunk(bitmap)) ?? blob) : blob;
    bitmap.close();
    return { picture: await asBase64(kept), about: { width, height, ...wordsOf(plot) } };
  } catch (problem) {
    console.warn("mantidlab: no picture could be taken of a plot.", problem);
    return undefined;
  }
}
