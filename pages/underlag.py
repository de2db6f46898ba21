"""Underlag: a document for a meeting – chosen, commented, looked at and taken along."""

import streamlit as st

from components import order_paper, order_parts
from components.state import begin, commit
from omradesbild.words import t

view = begin()
lang = view.lang

st.title(t("order.page", lang), anchor=False)
st.markdown(t("order.intro", lang))
with order_paper.desk():
    form, paper = st.columns([4, 5], gap="large")
    with form:
        view = order_parts.template(view)
        st.header(t("order.subject", lang), anchor=False)
        view = commit(order_parts.subject(view))
        st.header(t("order.head", lang), anchor=False)
        order_parts.head(view)
        st.header(t("order.comments", lang), anchor=False)
        order_parts.comments(view)
        order = order_parts.ordered(view)
        order_paper.keep(view, order)
    with paper:
        st.header(t("order.paper", lang), anchor=False)
        look = order_paper.house()
        if isinstance(order, str):
            st.info(order)
        else:
            order_paper.show(order, look, order_parts.each(view))
commit(view)
