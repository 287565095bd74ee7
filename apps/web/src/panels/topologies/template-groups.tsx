import type { Template, TemplateName } from "@vpclab/shared/templates/template-catalog";
import { Cable, Globe, Layers, type LucideIcon, Network, Share2, Square, Wrench } from "lucide-react";

/** The groups of templates, in the order in which they are offered. */
export const TEMPLATE_GROUPS: readonly { readonly group: Template["group"]; readonly label: string }[] = [
  { group: "start", label: "Start with" }, { group: "example", label: "Examples" }, { group: "broken", label: "Broken on purpose" },
];

const ICONS: Partial<Record<TemplateName, LucideIcon>> = {
  empty: Square, "two-vpc": Network, "two-vpc-peered": Cable, "public-private-nat": Globe, "three-tier": Layers, "hub-and-spokes": Share2,
};

export function TemplateIcon({ name }: { readonly name: TemplateName }) {
  const Icon = ICONS[name] ?? Wrench;
  return <Icon className="size-4" aria-hidden />;
}
