/** The service that the bench deploys, at stage dev. */
export const SERVICE = 'bench'
