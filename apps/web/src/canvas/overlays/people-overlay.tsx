"use client";

import { ViewportPortal } from "@xyflow/react";
import type { PersonHere } from "@vpclab/shared/wire/presence";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { labelPoint } from "../scene/edge-path";
import type { EdgeRoutes } from "../scene/edge-routes";
import { useScene } from "../state/editor-context";
import { personColour } from "../state/presence-store";
import type { PresenceStore } from "../state/presence-store";

/** The others on the canvas: their pointers and what they have selected, each with name and colour. */
export function PeopleOverlay({ presence, routes }: { readonly presence: PresenceStore; readonly routes: EdgeRoutes }) {
  const keys = useStore(presence, useShallow(({ people, you }) => Object.keys(people).filter((key) => key !== you)));
  return (
    <ViewportPortal>
      {keys.map((key) => <Selections key={`${key} selected`} presence={presence} routes={routes} personKey={key} />)}
      {keys.map((key) => <Pointer key={key} presence={presence} personKey={key} />)}
    </ViewportPortal>
  );
}

function Pointer({ presence, personKey }: { readonly presence: PresenceStore; readonly personKey: string }) {
  const person = useStore(presence, ({ people }) => people[personKey]);
  if (!person?.cursor) return null;
  const { x, y } = person.cursor;
  const colour = personColour(person.place);
  return (
    <div
      aria-hidden data-pointer-of={person.name} className="pointer-events-none absolute top-0 left-0 transition-transform duration-75 ease-linear motion-reduce:transition-none"
      style={{ transform: `translate(${x}px, ${y}px)`, zIndex: 20 }}
    >
      <div className="origin-top-left" style={{ transform: "scale(var(--legible, 1))" }}>
        <svg width="18" height="20" viewBox="0 0 18 20" className="block"><path d="M2 2 L2 16 L6 12.4 L8.8 18 L11.4 16.7 L8.7 11.4 L14 11 Z" fill={colour} stroke="var(--color-surface)" strokeWidth="1.5" /></svg>
        <NameTag person={person} className="ml-3" />
      </div>
    </div>
  );
}

const NameTag = ({ person, className = "" }: { readonly person: PersonHere; readonly className?: string }) => (
  <span className={`inline-block max-w-40 truncate rounded-[5px] px-1.5 text-xs whitespace-nowrap text-on-person ${className}`} style={{ background: personColour(person.place) }}>{person.name}</span>
);

const SELECTIONS_MAX = 40;

function Selections({ presence, routes, personKey }: { readonly presence: PresenceStore; readonly routes: EdgeRoutes; readonly personKey: string }) {
  const person = useStore(presence, useShallow(({ people }) => (people[personKey] ? { name: people[personKey].name, place: people[personKey].place, selection: people[personKey].selection } : null)));
  const { world } = useScene();
  if (!person) return null;
  const colour = personColour(person.place);
  return person.selection.slice(0, SELECTIONS_MAX).map((id) => {
    const rect = world.get(id);
    const points = rect ? null : routes.get(id);
    const at = rect ?? (points && points.length > 0 ? { x: labelPoint(points).x - 70, y: labelPoint(points).y - 30, width: 140, height: 60 } : null);
    if (!at) return null;
    return (
      <div
        key={id} aria-hidden data-selected-by={person.name} className="pointer-events-none absolute rounded-[11px] border-[calc(2px*var(--legible,1))]"
        style={{ transform: `translate(${at.x - 5}px, ${at.y - 5}px)`, width: at.width + 10, height: at.height + 10, borderColor: colour, zIndex: 6 }}
      >
        <span className="legible-sm absolute top-full left-2 max-w-full truncate rounded-b-[5px] px-1.5 text-on-person" style={{ background: colour }}>{person.name}</span>
      </div>
    );
  });
}
