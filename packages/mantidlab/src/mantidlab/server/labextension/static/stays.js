/*
 * For which notebooks the user chose to stay with the kernel of here: kept in this browser.
 *
 * Not in the notebook, which reading must not change. An answer holds for a pair of environments: where the notebook
 * has run elsewhere since, or is opened in a third environment, the question is another one.
 */

const PLACE = "mantidlab:stays";
const AT_MOST = 300; // notebooks, the latest
const ofThisPage = new Map(); // all there is where a browser keeps nothing

function read() {
  try {
    return new Map(JSON.parse(localStorage.getItem(PLACE) ?? "[]"));
  } catch {
    return new Map(); // no storage in this browser, or not ours
  }
}

const answerFor = ({ ran, here }) => `${ran.lock} ${here.lock}`;

export function hasStayed(owner, path, found) {
  const notebook = `${owner}/${path}`;
  return (ofThisPage.get(notebook) ?? read().get(notebook)) === answerFor(found);
}

export function rememberToStay(owner, path, found) {
  const notebook = `${owner}/${path}`;
  ofThisPage.set(notebook, answerFor(found));
  const stays = read();
  stays.delete(notebook);
  stays.set(notebook, answerFor(found));
  try {
    localStorage.setItem(PLACE, JSON.stringify([...stays].slice(-AT_MOST)));
  } catch {
    // Kept until the page is loaded again.
  }
}
