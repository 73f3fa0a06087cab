# settings that a team adds
