import type { PersonHere, PresenceEvent } from "@vpclab/shared/wire/presence";
import { createStore } from "zustand/vanilla";
import type { StoreApi } from "zustand/vanilla";

/** Who has this topology open, by the key of the tab. Apart from the drawing: a pointer that moves draws itself anew and nothing else. */
export interface PresenceState {
  readonly people: Readonly<Record<string, PersonHere>>;
  /** This tab. */
  readonly you: string | null;
}
export type PresenceStore = StoreApi<PresenceState>;

export const createPresenceStore = (): PresenceStore => createStore<PresenceState>(() => ({ people: {}, you: null }));

export function hearPresence(store: PresenceStore, event: PresenceEvent): void {
  if (event.type === "all") {
    store.setState({ people: Object.fromEntries(event.people.map((person) => [person.key, person])), you: event.you });
    return;
  }
  const people = { ...store.getState().people };
  // Who is new comes whole, so that nothing is missing of anybody.
  for (const change of event.people) people[change.key] = { ...people[change.key], ...change } as PersonHere;
  for (const key of event.gone) delete people[key];
  store.setState({ people });
}

/** Without a connection nobody is known to be here. */
export const forgetPresence = (store: PresenceStore): void => store.setState({ people: {}, you: null });

export const PERSON_COLOURS = 8;
/** Name of the colour token of a person; beyond eight the initials tell. */
export const personColour = (place: number): string => `var(--color-person-${(place % PERSON_COLOURS) + 1})`;

/** `anna.berg` is `AB`, `anna` is `AN`. */
export function initialsOf(name: string): string {
  const [first = "", second] = name.split(/[._-]+/).filter(Boolean);
  return (second ? `${first[0] ?? ""}${second[0] ?? ""}` : first.slice(0, 2)).toUpperCase();
}
