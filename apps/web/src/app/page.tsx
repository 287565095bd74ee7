import { TopologyList } from "../panels/topologies/topology-list";

export default function TopologiesPage() {
  return <TopologyList />;
}
