// Yes or no.
import * as React from "react";
import { isExpression } from "../spec";
import { t } from "../texts";
import { groupAttributes, type WidgetProperties } from "./properties";

export function Switch(properties: WidgetProperties): React.JSX.Element {
  const { field, value, onFill } = properties;
  const rests = field.default === true;
  const isOn = value === undefined || isExpression(value) ? rests : Boolean(value);
  const isGiven = value !== undefined || !field.unset;
  return (
    <label className="mlf-switch">
      <input
        {...groupAttributes(properties)}
        type="checkbox"
        role="switch"
        checked={isOn}
        aria-checked={isOn}
        onChange={(event) => onFill(event.target.checked === rests && !field.unset ? undefined : event.target.checked)}
      />
      <span className="mlf-switch-track" aria-hidden="true" />
      <span className={isGiven ? "mlf-hidden" : "mlf-quiet"}>
        {isGiven ? (isOn ? t.__("yes") : t.__("no")) : t.__("not given")}
      </span>
    </label>
  );
}
