/** What the palette offers, in its order. */
export const PALETTE_ITEMS = [
  "vpc", "public-subnet", "private-subnet", "instance", "internet-gateway", "nat-gateway", "elastic-ip", "route-table", "security-group",
  "network-acl", "peering",
] as const;
export type PaletteItem = (typeof PALETTE_ITEMS)[number];
/** Those that are dropped somewhere; a peering is drawn between two VPCs instead. */
export type DroppedItem = Exclude<PaletteItem, "peering">;

/** `noun` as in `Add private subnet`. */
export const PALETTE_WORDS: Readonly<Record<PaletteItem, { readonly label: string; readonly noun: string; readonly hint: string }>> = {
  vpc: { label: "VPC", noun: "VPC", hint: "Drop it on the canvas" },
  "public-subnet": { label: "Public subnet", noun: "public subnet", hint: "Drop it into a VPC" },
  "private-subnet": { label: "Private subnet", noun: "private subnet", hint: "Drop it into a VPC" },
  instance: { label: "Instance", noun: "instance", hint: "Drop it into a subnet" },
  "internet-gateway": { label: "Internet gateway", noun: "internet gateway", hint: "Drop it onto a VPC" },
  "nat-gateway": { label: "NAT gateway", noun: "NAT gateway", hint: "Into a public subnet" },
  "elastic-ip": { label: "Elastic IP", noun: "Elastic IP", hint: "Onto an instance" },
  "route-table": { label: "Route table", noun: "route table", hint: "Onto a subnet or VPC" },
  "security-group": { label: "Security group", noun: "security group", hint: "Onto an instance or VPC" },
  "network-acl": { label: "Network ACL", noun: "network ACL", hint: "Onto a subnet or VPC" },
  peering: { label: "Peering", noun: "peering", hint: "Click two VPCs" },
};
