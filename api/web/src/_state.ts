// What the explorer's address says, and which address one step leads to. Nothing here touches the page.

export type Step = (state: URLSearchParams) => void;
export type Point = { x: number; y: number };

/** The address that one step leads to. */
export function stepped(address: string, step: Step): string {
  const url = new URL(address, location.origin);
  step(url.searchParams);
  return url.pathname + url.search;
}

/** Whether two addresses show the same, apart from what is selected. */
export function differOnlyInSelection(one: string, other: string): boolean {
  const [first, second] = [one, other].map((address) => {
    const state = new URL(address, location.origin).searchParams;
    state.delete("select");
    state.sort();
    return state.toString();
  });
  return first === second;
}

export const selecting =
  (key: string | null): Step =>
  (state) =>
    key ? state.set("select", key) : state.delete("select");

/** Shows all relations of a thing, or takes away what its expansions brought. */
export const expanding =
  (key: string, isExpanded: boolean): Step =>
  (state) => {
    const asked = escaped(key);
    const others = state.getAll("expand").filter((one) => one.split("~")[0] !== asked);
    setAll(state, "expand", isExpanded ? others : [...others, asked]);
    state.delete("page");
    state.set("select", key);
  };

/** Opens a group, or closes it. */
export const opening =
  (key: string, isOpen: boolean): Step =>
  (state) => {
    const value = key.replace(/^group:[^/]*\//, "") || "unknown";
    const others = state.getAll("open").filter((one) => one !== value);
    setAll(state, "open", isOpen ? others : [...others, value]);
    state.delete("page");
    state.set("select", key);
  };

export const hiding =
  (key: string): Step =>
  (state) => {
    state.append("hide", key);
    state.delete("page");
    state.delete("select");
  };

/** Keeps a thing where it was put; without a place it goes back to where the layout has it. */
export const pinning =
  (key: string, at: Point | null): Step =>
  (state) => {
    const others = state.getAll("pin").filter((one) => !one.startsWith(`${key}@`));
    setAll(state, "pin", at ? [...others, `${key}@${Math.round(at.x)},${Math.round(at.y)}`] : others);
  };

function setAll(state: URLSearchParams, name: string, values: string[]): void {
  state.delete(name);
  values.forEach((value) => state.append(name, value));
}

/** A key between tildes, as the server reads it. */
function escaped(key: string): string {
  return key.replace(/%/g, "%25").replace(/~/g, "%7E");
}
