"""`/ask`, **Answer this**, mentions and direct messages: questions, their answers, and what members make of them."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers.cards import answer_card, how_to_ask_card, thanks_text
from bot.answers.mentions import question_to
from bot.answers.service import MAX_QUESTION_CHARS, Answered, Asker, TooMany
from bot.client import Interaction, Moonballot
from bot.ui.card import Card
from bot.ui.channels import reply_to
from bot.ui.notice import notice_card
from bot.ui.reply import answering
from bot.watches.cards import elsewhere_card


class AskCog(commands.Cog):
    """Answer questions."""

    def __init__(self, client: Moonballot) -> None:
        self.client = client
        self.answers = client.services.answers
        self.watches = client.services.watches
        client.components.route("ask:v1:pick", self.pick)
        client.components.route("ask:v1:rate", self.rate)
        client.components.route("ask:v1:share", self.share)
        menu = app_commands.ContextMenu(name="Answer this", callback=self.answer_this)
        client.tree.add_command(menu)

    @app_commands.command(name="ask")
    @app_commands.describe(
        question="What you want to know about airdrops, projects or polls", share="Show the answer to the whole channel"
    )
    async def ask(
        self,
        interaction: Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION_CHARS],
        share: bool = False,
    ) -> None:
        """Ask about airdrops, projects and the polls here; the answer says where it is from."""
        async with answering(interaction, ephemeral=not share) as answer:
            answered = await self.answers.ask(_asker(interaction, public=share), question)
            card = answer_card(answered, share=not share)
            await answer(await self._with_elsewhere(card, answered, interaction.user.id))

    async def answer_this(self, interaction: Interaction, message: discord.Message) -> None:
        """Answer a message of the channel, for the one who asked for it alone."""
        async with answering(interaction) as answer:
            answered = await self.answers.ask(_asker(interaction), self._question(message, direct=True) or "")
            await answer(answer_card(answered, share=True))

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer whoever mentions the bot or writes to it directly; never another bot."""
        if message.author.bot or message.webhook_id or message.is_system():
            return
        if (question := self._question(message, direct=message.guild is None)) is None:
            return
        try:
            await reply_to(message, await self._reply(message, question))
        except Exception as error:
            if not isinstance(error, TooMany) or error.first:
                await self.client.report_reply(message, error)

    def _question(self, message: discord.Message, *, direct: bool) -> str | None:
        me = self.client.user
        if me is None:
            return None
        return question_to(me.id, message.content, direct=direct, pinged=me in message.mentions)

    async def _reply(self, message: discord.Message, question: str) -> Card:
        guild_id = message.guild.id if message.guild else None
        asker = Asker(guild_id, message.author.id, public=guild_id is not None)
        if not question:
            self.answers.take(asker)
            return how_to_ask_card()
        answered = await self.answers.ask(asker, question)
        return await self._with_elsewhere(answer_card(answered, heading=False), answered, message.author.id)

    async def _with_elsewhere(self, card: Card, answered: Answered, member_id: int) -> Card:
        """Put above a direct message's answer what the servers say otherwise where the member watches its project."""
        if answered.guild_id is not None:
            return card
        found = await self.watches.elsewhere(member_id, answered.answer.topic)
        names = {guild.id: guild.name for each in found if (guild := self.client.get_guild(each.guild_id))}
        return elsewhere_card(found, names, card) if found else card

    async def pick(self, interaction: Interaction, number: str, place: str) -> None:
        """Answer what was picked under “did you mean”; an answer that others see is left as it is."""
        own = interaction.message is not None and interaction.message.flags.ephemeral
        async with answering(interaction, update=own) as answer:
            answered = await self.answers.pick(_asker(interaction), int(number), int(place))
            card = answer_card(answered, share=True)
            await answer(await self._with_elsewhere(card, answered, interaction.user.id))

    async def rate(self, interaction: Interaction, number: str, helpful: str) -> None:
        """Write down whether an answer helped."""
        async with answering(interaction) as answer:
            good = helpful == "1"
            await self.answers.rate(_asker(interaction), int(number), helpful=good)
            await answer(notice_card(thanks_text(helpful=good, moderated=interaction.guild_id is not None)))

    async def share(self, interaction: Interaction, number: str) -> None:
        """Show one's own answer to the channel."""
        async with answering(interaction, ephemeral=False) as answer:
            await answer(answer_card(await self.answers.again(_asker(interaction, public=True), int(number))))


def _asker(interaction: Interaction, *, public: bool = False) -> Asker:
    return Asker(interaction.guild_id, interaction.user.id, public=public)


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(AskCog(client))
