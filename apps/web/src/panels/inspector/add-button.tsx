import { Plus } from "lucide-react";
import { Button } from "../../ui/button";

/** Adds to the list beneath. */
export const AddButton = ({ label, onClick }: { readonly label: string; readonly onClick: () => void }) => (
  <Button size="sm" look="quiet" aria-label={label} title={label} onClick={onClick}><Plus className="size-3.5" aria-hidden />Add</Button>
);
