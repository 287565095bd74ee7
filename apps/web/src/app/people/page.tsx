import { PeoplePage } from "../../panels/people/people-page";

export default function EveryonePage() {
  return <PeoplePage />;
}
