"""What changes a campaign: planning, working on its tasks, prompting, linking cases, closing."""
