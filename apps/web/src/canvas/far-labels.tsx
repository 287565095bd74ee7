"use client";

import { ViewportPortal } from "@xyflow/react";
import { useScene } from "./editor-context";
import { countOf } from "./object-counts";

/** From far away every VPC is a name with its counts, written over what can no longer be read. */
export function FarLabels() {
  const { document, index, world } = useScene();
  return (
    <ViewportPortal>
      {document.vpcs.map((vpc) => {
        const { x, y, width, height } = world.get(vpc.id)!;
        const subnets = index.subnetsOfVpc(vpc.id);
        const instances = subnets.reduce((sum, subnet) => sum + index.instancesOfSubnet(subnet.id).length, 0);
        return (
          <div
            key={vpc.id}
            aria-hidden
            className="when-map pointer-events-none absolute flex items-center justify-center"
            style={{ transform: `translate(${x}px, ${y}px)`, width, height, zIndex: 6 }}
          >
            <div className="max-w-full rounded-[0.6em] bg-surface/85 px-[0.6em] py-[0.2em] text-center legible">
              <div className="truncate font-semibold">{vpc.name}</div>
              <div className="legible-sm truncate text-muted">{countOf(instances, "instance")}</div>
            </div>
          </div>
        );
      })}
    </ViewportPortal>
  );
}
