import { JoinForm } from "../../panels/people/join-form";

export default function JoinPage() {
  return <JoinForm />;
}
