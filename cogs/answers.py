"""`/answers`: moderators see what got no answer, teach it, and forget it again."""

from datetime import UTC

from discord import app_commands
from discord.ext import commands

from bot.answers.taught import MAX_QUESTION_CHARS, Typed, tidied
from bot.answers.teaching_cards import (
    discarded_card,
    draft_card,
    forget_card,
    forgotten_card,
    form,
    gaps_card,
    kept_card,
    list_card,
    published_card,
)
from bot.client import Interaction, Moonballot
from bot.ui.components import typed_fields
from bot.ui.reply import answering
from bot.ui.text import clip
from cogs.rights import guild_of, moderators_only, require_moderator

MAX_CHOICES = 25
WHAT = "Teaching answers"


@app_commands.guild_only()
class AnswersCog(commands.GroupCog, group_name="answers", group_description="Teach answers to what members ask here"):
    """Teach and forget."""

    def __init__(self, client: Moonballot) -> None:
        self.clock = client.services.clock
        self.teaching = client.services.teaching
        for action, handler in {
            "gaps": self.turn_gaps,
            "teach": self.teach_gap,
            "new": self.take_new,
            "change": self.reopen,
            "changed": self.take_change,
            "publish": self.publish,
            "discard": self.discard,
            "list": self.turn_list,
            "ask": self.ask_to_forget,
            "forget": self.do_forget,
            "keep": self.keep,
            "restore": self.restore,
        }.items():
            client.components.route(f"answers:v1:{action}", handler)

    @app_commands.command(name="gaps")
    @moderators_only
    async def gaps(self, interaction: Interaction) -> None:
        """See what got no answer or a bad one in the last 30 days, and teach it; nobody is named."""
        async with answering(interaction) as answer:
            await answer(gaps_card(await self.teaching.gaps(guild_of(interaction)), 0))

    @app_commands.command(name="teach")
    @moderators_only
    @app_commands.describe(question="The question, as members would put it")
    async def teach(self, interaction: Interaction, question: app_commands.Range[str, 1, MAX_QUESTION_CHARS]) -> None:
        """Teach an answer, with its source; opens a form. It answers on this server alone."""
        await interaction.response.send_modal(form("answers:v1:new", self._blank(question)))

    @app_commands.command(name="list")
    @moderators_only
    async def list_answers(self, interaction: Interaction) -> None:
        """See the answers that were taught on this server."""
        async with answering(interaction) as answer:
            await answer(list_card(self.teaching.live(guild_of(interaction)), 0))

    @app_commands.command(name="forget")
    @moderators_only
    @app_commands.describe(entry="The answer, by its question")
    async def forget(self, interaction: Interaction, entry: str) -> None:
        """Take a taught answer out of use; asks once more before it does."""
        async with answering(interaction) as answer:
            await answer(forget_card(self.teaching.find(guild_of(interaction), entry)))

    @forget.autocomplete("entry")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest this server's taught answers, the newest first."""
        needle = typed.strip().casefold()
        return [
            app_commands.Choice(name=clip(taught.typed.question, 100), value=str(taught.id))
            for taught in reversed(self.teaching.live(guild_of(interaction)))
            if needle in taught.typed.question.casefold()
        ][:MAX_CHOICES]

    # Gaps

    async def turn_gaps(self, interaction: Interaction, page: str) -> None:
        """Show another page of the gaps."""
        require_moderator(interaction, WHAT)
        async with answering(interaction, update=True) as answer:
            await answer(gaps_card(await self.teaching.gaps(guild_of(interaction)), int(page)))

    async def teach_gap(self, interaction: Interaction, number: str) -> None:
        """Answer **Teach** beside a gap with the form."""
        require_moderator(interaction, WHAT)
        wording = await self.teaching.wording(guild_of(interaction), int(number))
        await interaction.response.send_modal(form(f"answers:v1:new:{number}", self._blank(wording)))

    # Drafts

    async def take_new(self, interaction: Interaction, gap: str = "") -> None:
        """Keep what was typed, and show what members would see."""
        require_moderator(interaction, WHAT)
        async with answering(interaction) as answer:
            draft = await self.teaching.draft(
                guild_of(interaction), tidied(typed_fields(interaction)), int(gap) if gap else None
            )
            await answer(draft_card(draft))

    async def reopen(self, interaction: Interaction, number: str) -> None:
        """Answer **Change it** with the form as it was filled in."""
        require_moderator(interaction, WHAT)
        typed = (await self.teaching.look(guild_of(interaction), int(number))).taught.typed
        await interaction.response.send_modal(form(f"answers:v1:changed:{number}", typed))

    async def take_change(self, interaction: Interaction, number: str) -> None:
        """Write the draft anew."""
        require_moderator(interaction, WHAT)
        async with answering(interaction, update=True) as answer:
            typed = tidied(typed_fields(interaction))
            await answer(draft_card(await self.teaching.change(guild_of(interaction), int(number), typed)))

    async def publish(self, interaction: Interaction, number: str) -> None:
        """Put a draft live."""
        require_moderator(interaction, WHAT)
        async with answering(interaction, update=True) as answer:
            taught = await self.teaching.publish(guild_of(interaction), int(number), interaction.user.id)
            await answer(published_card(taught))

    async def discard(self, interaction: Interaction, number: str) -> None:
        """Throw a draft away."""
        require_moderator(interaction, WHAT)
        async with answering(interaction, update=True) as answer:
            await answer(discarded_card(await self.teaching.discard(guild_of(interaction), int(number))))

    # Forgetting

    async def turn_list(self, interaction: Interaction, page: str) -> None:
        """Show another page of the taught answers."""
        require_moderator(interaction, WHAT)
        async with answering(interaction, update=True) as answer:
            await answer(list_card(self.teaching.live(guild_of(interaction)), int(page)))

    async def ask_to_forget(self, interaction: Interaction, number: str) -> None:
        """Ask before forgetting."""
        require_moderator(interaction, WHAT)
        async with answering(interaction, update=True) as answer:
            await answer(forget_card(self.teaching.find(guild_of(interaction), number)))

    async def do_forget(self, interaction: Interaction, number: str) -> None:
        """Forget after the moderator said so twice."""
        require_moderator(interaction, WHAT)
        async with answering(interaction, update=True) as answer:
            taught = await self.teaching.forget(guild_of(interaction), int(number), interaction.user.id)
            await answer(forgotten_card(taught))

    async def keep(self, interaction: Interaction, number: str) -> None:
        """Leave the answer as it is."""
        async with answering(interaction, update=True) as answer:
            await answer(kept_card(self.teaching.find(guild_of(interaction), number)))

    async def restore(self, interaction: Interaction, number: str) -> None:
        """Take forgetting back."""
        require_moderator(interaction, WHAT)
        async with answering(interaction, update=True) as answer:
            taught = await self.teaching.restore(guild_of(interaction), int(number), interaction.user.id)
            await answer(kept_card(taught, "The answer is back"))

    def _blank(self, question: str) -> Typed:
        today = self.clock.now().astimezone(UTC).date().isoformat()
        return Typed(clip(question, MAX_QUESTION_CHARS), "", "", "", today)


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(AnswersCog(client))
