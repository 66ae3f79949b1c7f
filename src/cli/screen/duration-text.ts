/** `4m 10s`, `2h 05m`; for times that are estimates anyway. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  const padded = (value: number): string => String(value).padStart(2, '0');
  if (hours > 0) return `${hours}h ${padded(minutes)}m`;
  if (minutes > 0) return `${minutes}m ${padded(whole % 60)}s`;
  return `${whole}s`;
}
