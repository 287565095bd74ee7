/** What the palette offers, in its order. */
export const PALETTE_ITEMS = ["vpc", "public-subnet", "private-subnet", "instance", "internet-gateway", "peering"] as const;
export type PaletteItem = (typeof PALETTE_ITEMS)[number];
/** Those that are dropped somewhere; a peering is drawn between two VPCs instead. */
export type DroppedItem = Exclude<PaletteItem, "peering">;

export const PALETTE_WORDS: Readonly<Record<PaletteItem, { readonly label: string; readonly hint: string }>> = {
  vpc: { label: "VPC", hint: "Drop it on the canvas" },
  "public-subnet": { label: "Public subnet", hint: "Drop it into a VPC" },
  "private-subnet": { label: "Private subnet", hint: "Drop it into a VPC" },
  instance: { label: "Instance", hint: "Drop it into a subnet" },
  "internet-gateway": { label: "Internet gateway", hint: "Drop it onto a VPC" },
  peering: { label: "Peering", hint: "Click two VPCs" },
};
