"use client";

import type { PersonHere } from "@vpclab/shared/wire/presence";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { useEditor } from "../canvas/state/editor-context";
import { initialsOf, personColour } from "../canvas/state/presence-store";
import { Tooltip } from "../ui/tooltip";

const SHOWN_MAX = 5;

/** Who else has this topology open, by colour and initials. Nothing where nobody has. */
export function PeopleHere() {
  const { presence } = useEditor();
  // Only who is here: a pointer that moves draws nothing anew in the bar.
  const you = useStore(presence, (state) => state.you);
  const tabs = useStore(presence, useShallow(({ people }) => Object.values(people).map(({ place, name, key }) => `${String(place).padStart(2, "0")} ${key} ${name}`).sort()));
  const all = tabs.map((tab): Badged => {
    const [place = "", key = "", ...name] = tab.split(" ");
    return { place: Number(place), key, name: name.join(" ") };
  });
  const others = all.filter(({ key }) => key !== you);
  if (others.length === 0) return null;
  const own = all.find(({ key }) => key === you)?.name ?? null;
  const shown = others.slice(0, SHOWN_MAX);
  return (
    <ul aria-label="Who is here" className="flex items-center gap-1 px-1">
      {shown.map((person) => <li key={person.key}><Badge person={person} title={person.name === own ? `${person.name}, in another tab` : person.name} /></li>)}
      {others.length > shown.length ? <li className="numeric text-xs text-muted" title={others.slice(SHOWN_MAX).map(({ name }) => name).join(", ")}>{`+${others.length - shown.length}`}</li> : null}
    </ul>
  );
}

type Badged = Pick<PersonHere, "key" | "name" | "place">;

const Badge = ({ person, title }: { readonly person: Badged; readonly title: string }) => (
  <Tooltip text={title}>
    <span tabIndex={0} role="img" aria-label={`${title} is here`} className="flex size-7 items-center justify-center rounded-full text-xs font-semibold text-on-person" style={{ background: personColour(person.place) }}>
      {initialsOf(person.name)}
    </span>
  </Tooltip>
);
