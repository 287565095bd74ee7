"use client";

import { objectFacts } from "@vpclab/shared/topology/object-facts";
import type { ObjectKind, Topology, TopologyObject } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import type { RuleHits } from "@vpclab/shared/wire/live";
import { useMemo } from "react";
import { useScene } from "../../canvas/state/editor-context";
import { objectName } from "../../canvas/scene/object-name";
import { relatedObjects } from "../../canvas/scene/related-objects";
import { Section } from "../../ui/section";
import { ReadFact } from "./fact";
import { HitMark } from "./hit-mark";
import { ObjectList, ObjectRow } from "./object-row";
import { ruleNameOfItem } from "./rule-name-of-item";
import { useRuleHits } from "./use-rule-hits";

interface ReadOnlyObjectProps {
  readonly kind: ObjectKind;
  readonly object: TopologyObject;
  /** Whose object it is, where that is not the drawing on the canvas. */
  readonly document?: Topology;
  /** How often its rules have decided, where that is known. */
  readonly hits?: RuleHits | null;
}

/** An object for those who may not or cannot change it: what the drawing says of it, and the ways on to what belongs to it. */
export function ReadOnlyObject({ kind, object, document, hits = null }: ReadOnlyObjectProps) {
  const scene = useScene();
  const own = document ?? scene.document;
  const { fields, items } = useMemo(() => objectFacts(own, object), [own, object]);
  const index = useMemo(() => (own === scene.document ? scene.index : indexTopology(own)), [own, scene]);
  const related = useMemo(() => relatedObjects(own, index, kind, object.id), [own, index, kind, object.id]);
  return (
    <>
      <dl aria-label="Facts" className="flex flex-col gap-1.5">
        {fields.map(({ field, text }) => <ReadFact key={field} label={field.charAt(0).toUpperCase() + field.slice(1)} value={text} />)}
      </dl>
      {items.length > 0 ? (
        <Section title={kind === "route-table" ? "Routes" : kind === "network-acl" ? "Entries" : kind === "security-group" ? "Rules" : "More"}>
          <ul aria-label="Rules and routes" className="flex flex-col gap-0.5">
            {[...items].sort((a, b) => Number(a.field.startsWith("egress")) - Number(b.field.startsWith("egress"))).map(({ key, field, text }) => (
              <li key={key} className="flex items-baseline justify-between gap-3 rounded-box px-2 py-1 text-sm odd:bg-raised">
                <span className="shrink-0 text-xs text-muted">{field}</span>
                <span className="numeric min-w-0 text-right text-xs break-words">{text}</span>
                {hits ? <Hits hits={hits} name={ruleNameOfItem(kind, object, key)} /> : null}
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {related.map(({ title, ids }) => (
        <Section key={title} title={title}>
          <ObjectList label={title}>{ids.map((id) => <ObjectRow key={id} id={id} name={withinOwn(index, object.id, id)} note={noteOf(index, id)} />)}</ObjectList>
        </Section>
      ))}
    </>
  );
}

const Hits = ({ hits, name }: { readonly hits: RuleHits; readonly name: string | null }) => (name === null ? null : <HitMark hits={hits} name={name} />);

/** The same for what stands there now, with the kernel's counters beside its rules. */
export function LiveReadOnlyObject({ kind, object }: ReadOnlyObjectProps) {
  const hasRules = kind === "security-group" || kind === "network-acl" || ("firewall" in object && object.firewall !== null);
  return <ReadOnlyObject kind={kind} object={object} hits={useRuleHits(object.id, hasRules)} />;
}

/** With its place, as far as that is not the object that is shown. */
function withinOwn(index: TopologyIndex, ownId: string, id: string): string {
  const [own, name] = [objectName(index, ownId), objectName(index, id) ?? id];
  return own !== null && name.startsWith(`${own}/`) ? name.slice(own.length + 1) : name;
}

const noteOf = (index: TopologyIndex, id: string): string | undefined =>
  index.subnetById.get(id)?.cidr ?? (index.instanceById.get(id) ?? index.natGatewayById.get(id))?.address ?? index.vpcById.get(id)?.cidr;
