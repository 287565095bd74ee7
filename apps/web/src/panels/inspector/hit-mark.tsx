import type { RuleHits } from "@vpclab/shared/wire/live";
import clsx from "clsx";
import { formatBytes, formatCount } from "../../ui/format-rate";

interface HitMarkProps {
  readonly hits: RuleHits | null;
  /** Of the rule, as plan/rule-names.ts has it. */
  readonly name: string;
}

/** How many packets a rule has decided about; a rule that never has stands out. Keeps its place while nothing is known. */
export function HitMark({ hits, name }: HitMarkProps) {
  const hit = hits?.rules[name];
  const used = hit !== undefined && hit.packets > 0;
  return (
    <span
      data-hits={hit?.packets}
      title={titleOf(hits, name)}
      className={clsx("numeric flex h-7 min-w-[66px] shrink-0 ml-auto items-center justify-end gap-1 text-xs", used ? "text-text" : "text-muted")}
    >
      {hit === undefined ? <span aria-label="not counted">–</span>
        : used ? <span aria-label={`${hit.packets} packets`}>{formatCount(hit.packets)}</span>
        : <span className="rounded-full border border-dashed border-line-strong px-1 font-sans whitespace-nowrap">never used</span>}
    </span>
  );
}

function titleOf(hits: RuleHits | null, name: string): string {
  if (!hits || hits.since === null) return "Counted once it is applied and its host is online.";
  const hit = hits.rules[name];
  if (!hit) return "Not applied like this yet, so nothing is counted.";
  const since = `since ${new Date(hits.since).toLocaleString("en-GB")}`;
  const some = hits.read < hits.places ? ` Read in ${hits.read} of ${hits.places} instances.` : "";
  return hit.packets === 0 ? `No packet has met it, at least ${since}.${some}` : `${hit.packets.toLocaleString("en")} packets, ${formatBytes(hit.bytes)}, counted at least ${since}.${some}`;
}

/** What the figures beside rules mean. `stateful`: answers pass before the rules are asked. */
export const HitsNote = ({ stateful }: { readonly stateful: boolean }) => (
  <p className="px-1 text-xs text-muted">{`Beside each rule: packets that it decided about${stateful ? "; of a connection only the first one meets the rules" : ""}.`}</p>
);
