"use client";

import { HintRow } from "../hint-row";
import { useHints } from "../use-hints";

/** What the rules allow and a person may not have meant, beside the object that it is about; without one: about the whole topology. */
export function Hints({ objectId }: { readonly objectId?: string }) {
  const all = useHints();
  const hints = objectId === undefined ? all : all.filter((hint) => hint.objectId === objectId);
  if (hints.length === 0) return null;
  return (
    <ul aria-label={objectId === undefined ? "Hints" : "Hints about this object"} className="flex flex-col gap-1.5">
      {hints.map((hint) => <HintRow key={`${hint.code} ${hint.path.join("/")}`} hint={hint} />)}
    </ul>
  );
}
