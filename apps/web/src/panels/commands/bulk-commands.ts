import { roomInSubnet } from "@vpclab/shared/topology/new-instances";
import type { Command } from "../../canvas/hooks/command";
import { byName, objectName } from "../../canvas/scene/object-name";
import type { Scene } from "../../canvas/scene/scene";
import { subnetOfSelection } from "./subnet-of-selection";

const ASKED = /^(?:add|new|create)?\s*(\d{1,4})\s*(?:instances?|hosts?)?(?:\s+(?:to|into|in)\s+(\S+))?$/i;
const OFFERED_MAX = 6;

/** `add 10 instances` or `10 instances in vpc1/public` as commands: the selected subnet, else those whose name begins so. */
export function bulkCommands(scene: Scene, selection: ReadonlySet<string>, query: string, add: (subnetId: string, count: number) => void): readonly Command[] {
  const [whole, number, place] = ASKED.exec(query.trim()) ?? [];
  // A bare number is a port, not a wish.
  if (!number || whole === number) return [];
  const count = Number(number);
  const selected = subnetOfSelection(scene, selection);
  const named = scene.document.subnets
    .map(({ id }) => ({ id, name: objectName(scene.index, id) ?? id }))
    .filter(({ name }) => place === undefined || name === place || name.split("/")[1]?.startsWith(place.toLowerCase()) || name.startsWith(place.toLowerCase()))
    .sort((a, b) => Number(b.id === selected) - Number(a.id === selected) || byName(a, b));
  const meant = selected !== null && place === undefined ? named.slice(0, 1) : named.slice(0, OFFERED_MAX);
  return meant.map(({ id, name }) => {
    const room = roomInSubnet(scene.document, id);
    return {
      id: `bulk-${id}`, section: "Add", label: `Add ${count} ${count === 1 ? "instance" : "instances"} to ${name}`,
      refusal: count < 1 ? "Give a number of 1 or more." : room < count ? `${name} has room for ${room} more.` : undefined,
      run: () => add(id, count),
    };
  });
}
