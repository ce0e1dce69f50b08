# shipped profiles: compiled by turf-compile at build time
