"use client";

import { ViewportPortal } from "@xyflow/react";
import clsx from "clsx";
import { TriangleAlert } from "lucide-react";
import { useLive, useScene } from "../state/editor-context";
import { countOf } from "../scene/object-counts";

/** From far away every VPC is a name with its counts, written over what can no longer be read. */
export function FarLabels() {
  const { document, index, world } = useScene();
  return (
    <ViewportPortal>
      {document.vpcs.map((vpc) => {
        const { x, y, width, height } = world.get(vpc.id)!;
        const subnets = index.subnetsOfVpc(vpc.id);
        const instances = subnets.flatMap(({ id }) => index.instancesOfSubnet(id));
        const within = [vpc, ...subnets, ...instances, ...subnets.flatMap(({ id }) => index.natGatewaysOfSubnet(id))].map(({ id }) => id);
        return (
          <div
            key={vpc.id}
            aria-hidden
            className="when-map pointer-events-none absolute flex items-center justify-center"
            style={{ transform: `translate(${x}px, ${y}px)`, width, height, zIndex: 6 }}
          >
            <div className="max-w-full rounded-[0.6em] bg-surface/85 px-[0.6em] py-[0.2em] text-center legible">
              <div className="truncate font-semibold">{vpc.name}</div>
              <div className="legible-sm truncate text-muted">{countOf(instances.length, "instance")}</div>
              <FarTrouble ids={within} />
            </div>
          </div>
        );
      })}
    </ViewportPortal>
  );
}

/** How many of these failed or drifted. */
function FarTrouble({ ids }: { readonly ids: readonly string[] }) {
  const text = useLive(({ deployment }) => {
    const states = ids.map((id) => deployment.objects[id]?.state);
    return (["failed", "drifted"] as const).flatMap((state) => {
      const count = states.filter((each) => each === state).length;
      return count === 0 ? [] : [`${count} ${state}`];
    }).join(", ");
  });
  if (text === "") return null;
  return (
    <div className={clsx("legible-sm truncate", text.includes("failed") ? "text-bad" : "text-warn")}>
      <TriangleAlert className="mr-[0.3em] inline size-[1em]" aria-hidden />
      {text}
    </div>
  );
}
