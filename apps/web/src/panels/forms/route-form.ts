import type { DrawnRoute, RouteTarget } from "@vpclab/shared/topology/topology";
import type { Option, RowForm } from "../grid/row-form";

const TARGET_HINT = "Choose where these packets go.";

/** Routes of a table. A target is written `<kind> <id>`; one that was deleted is offered only where it stands. */
export function routeForm(targets: readonly Option[]): RowForm<DrawnRoute> {
  return {
    columns: [
      { key: "destination", label: "Destination", kind: "text", widthMin: 112, grow: true, mono: true, placeholder: "CIDR" },
      {
        key: "target", label: "Target", kind: "select", widthMin: 112, grow: true,
        options: ({ target }) => (target && !targets.some(({ value }) => value === target)
          ? [...targets, { value: target, label: goneLabel(target) }]
          : target ? targets : [{ value: "", label: "Target" }, ...targets]),
      },
    ],
    fresh: { destination: "", target: targets[0]?.value ?? "" },
    textsOf: ({ destination, target }) => ({ destination, target: targetText(target) }),
    parse: (texts) => {
      const target = parseTarget(texts.target ?? "");
      if (target === null) return { ok: false, errors: { target: TARGET_HINT } };
      return { ok: true, row: { destination: (texts.destination ?? "").trim(), target } };
    },
  };
}

export const targetText = ({ kind, id }: RouteTarget): string => `${kind} ${id}`;

function parseTarget(text: string): RouteTarget | null {
  const [kind, id] = text.split(" ");
  return kind && id ? { kind: kind as RouteTarget["kind"], id } : null;
}

const goneLabel = (target: string): string => `${target.split(" ")[1] ?? ""} (deleted)`;
