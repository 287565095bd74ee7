import { OpenTopology } from "../../../panels/open-topology";

export default async function TopologyPage({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  return <OpenTopology id={(await params).id} />;
}
