"use client";

import type { Peering, RouteTable } from "@vpclab/shared/topology/topology";
import { useState } from "react";
import { useScene } from "../../canvas/state/editor-context";
import { byName } from "../../canvas/scene/object-name";
import type { PeeringEnd } from "../../canvas/scene/peering-view";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { Section } from "../../ui/section";
import { ObjectRow } from "./object-row";
import { useCommand } from "./use-update";

interface PeeringRoutesProps {
  readonly peering: Peering;
  readonly from: PeeringEnd;
  readonly to: PeeringEnd;
}

/** Which route tables of one side lead to the other; each that does not is one click away from it. */
export function PeeringRoutes({ peering, from, to }: PeeringRoutesProps) {
  const { index } = useScene();
  const command = useCommand();
  const [error, setError] = useState<string | null>(null);
  const title = `Routes of ${from.name}`;
  if (from.vpcId === null) return <Section title={title}><p className="px-2 text-xs text-muted">They are the other topology’s own.</p></Section>;
  const tables = index.routeTablesOfVpc(from.vpcId).toSorted(byName);
  const routesTo = (table: RouteTable) => table.routes.filter(({ target }) => target.kind === "peering" && target.id === peering.id);
  const add = (table: RouteTable) =>
    setError(command(`Add route to ${to.name}`, {
      op: "update", kind: "route-table", id: table.id, set: { routes: [...table.routes, { destination: to.cidr, target: { kind: "peering", id: peering.id } }] },
    }));
  return (
    <Section title={title}>
      <ul aria-label={title} className="flex flex-col">
        {tables.map((table) => {
          const routes = routesTo(table);
          return (
            <li key={table.id} className="flex items-center gap-1">
              <ul className="min-w-0 flex-1"><ObjectRow id={table.id} note={routes.length > 0 ? routes.map(({ destination }) => destination).join(", ") : "no route"} bad={routes.length === 0} /></ul>
              {routes.length === 0 ? <Button size="sm" aria-label={`Add route to ${to.name} in ${table.name}`} onClick={() => add(table)}>Add route</Button> : null}
            </li>
          );
        })}
      </ul>
      {error ? <ErrorLine>{error}</ErrorLine> : null}
    </Section>
  );
}
