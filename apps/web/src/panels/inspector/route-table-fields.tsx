"use client";

import type { RouteTable } from "@vpclab/shared/topology/topology";
import { useState } from "react";
import { useGesture, useScene } from "../../canvas/state/editor-context";
import { byName } from "../../canvas/scene/object-name";
import { routeState, routeTargetsOf } from "../../canvas/scene/route-view";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { Section } from "../../ui/section";
import { TextField } from "../../ui/text-field";
import { routeForm, targetText } from "../forms/route-form";
import { EditGrid, FixedRow } from "../grid/edit-grid";
import { ObjectList, ObjectRow } from "./object-row";
import { useCommand, useListEdit, useUpdate, withoutRow, withRow } from "./use-update";

export function RouteTableFields({ table }: { readonly table: RouteTable }) {
  const { index } = useScene();
  const update = useUpdate("route-table", table.id, table.name);
  const edit = useListEdit({ kind: "route-table", id: table.id, name: table.name, field: "routes" });
  const pointedAt = useGesture(({ row }) => (row?.objectId === table.id ? row.rule : null));
  const vpc = index.vpcById.get(table.vpcId)!;
  const form = routeForm(routeTargetsOf(index, vpc.id).map(({ target, label }) => ({ value: targetText(target), label })));
  const { routes } = table;
  return (
    <>
      <TextField label="Name" value={table.name} commit={(name) => update({ name })} />
      <Section title="Routes">
        <EditGrid
          label="Routes"
          word="route"
          form={form}
          rows={routes}
          keyOf={(_, at) => String(at)}
          put={(row, at) => edit(withRow(routes, row, at), at ?? routes.length, form.columns)}
          remove={(at) => edit(withoutRow(routes, at), at, form.columns)}
          before={<FixedRow label="Local route"><span className="flex-1">{vpc.cidr}</span><span className="flex-1">local</span><RouteMark state="active" /></FixedRow>}
          markOf={(route) => <span className="flex h-7 items-center"><RouteMark state={routeState(index, route)} /></span>}
          isDimmed={(route) => routeState(index, route) === "blackhole"}
          isPointedAt={({ destination }) => destination === pointedAt}
        />
        <p className="px-1 text-xs text-muted">The longest prefix wins; the local route cannot be removed. Linux does not count routes: the traffic of gateways and peerings says what goes there.</p>
      </Section>
      <Associations table={table} />
    </>
  );
}

const RouteMark = ({ state }: { readonly state: "active" | "blackhole" }) => (
  <span className={`w-[62px] text-center font-sans text-xs ${state === "active" ? "text-muted" : "font-medium text-warn"}`}>{state}</span>
);

function Associations({ table }: { readonly table: RouteTable }) {
  const { index } = useScene();
  const command = useCommand();
  const [error, setError] = useState<string | null>(null);
  const vpc = index.vpcById.get(table.vpcId)!;
  const isMain = vpc.mainRouteTableId === table.id;
  const subnets = index.subnetsOfVpc(vpc.id).toSorted(byName);
  const used = subnets.filter(({ routeTableId }) => routeTableId === table.id || (routeTableId === null && isMain));
  const others = subnets.filter((subnet) => !used.includes(subnet));
  return (
    <>
      <Section title="Subnets that use it">
        <ObjectList label="Subnets that use it" empty="None. A subnet that names no table uses the main one.">
          {used.map(({ id, cidr, routeTableId }) => <ObjectRow key={id} id={id} note={routeTableId === null ? `${cidr}, as the main one` : cidr} />)}
        </ObjectList>
        {others.length > 0 ? (
          <select
            aria-label="Associate a subnet"
            value=""
            onChange={(event) => setError(command(`Associate ${table.name}`, { op: "update", kind: "subnet", id: event.target.value, set: { routeTableId: table.id } }))}
            className="mx-2 h-8 rounded-box border border-line bg-surface px-1.5 text-sm hover:border-line-strong"
          >
            <option value="" disabled>Associate a subnet</option>
            {others.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </select>
        ) : null}
      </Section>
      {isMain
        ? <p className="text-xs text-muted">{`The main route table of ${vpc.name}: it cannot be deleted, another one can take its place.`}</p>
        : <Button onClick={() => setError(command(`Make ${table.name} the main table`, { op: "update", kind: "vpc", id: vpc.id, set: { mainRouteTableId: table.id } }))}>{`Make it the main table of ${vpc.name}`}</Button>}
      {error ? <ErrorLine>{error}</ErrorLine> : null}
    </>
  );
}
