/** The type of Logs panels, as package.json and VS Code's restored tabs name it. */
export const LOGS_VIEW_TYPE = 'sightline.logs';
